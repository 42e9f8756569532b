-- $1 run, $2 source, $3 verdict, $4 subscribers asked for, $5 requests, $6 now.
UPDATE sync.walk
SET verdict = $3, distinct_records = $4, requests = $5, finished_at = $6
WHERE run_id = $1 AND source = $2 AND listing = 'details'
