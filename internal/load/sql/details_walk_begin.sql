-- $1 run, $2 source, $3 now. The last walk of the source over all details goes on where it
-- is not complete: it keeps its beginning. Until it is known to be, this one is not.
INSERT INTO sync.walk (run_id, source, listing, verdict, distinct_records, repeated, sessions, requests, started_at, finished_at)
SELECT $1, $2, 'details', 'stopped', 0, 0, coalesce(broken.sessions, 0) + 1, 0, coalesce(broken.started_at, $3), $3
FROM (SELECT) this
LEFT JOIN (
    SELECT verdict, sessions, started_at
    FROM sync.walk
    WHERE source = $2 AND listing = 'details'
    ORDER BY run_id DESC
    LIMIT 1
) broken ON broken.verdict <> 'complete'
RETURNING started_at
