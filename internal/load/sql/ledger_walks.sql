-- $1 run
SELECT run_id, source, listing, verdict, declared, distinct_records, repeated, sessions, requests, started_at, finished_at
FROM sync.walk
WHERE run_id = $1
ORDER BY source, listing
