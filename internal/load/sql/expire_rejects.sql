-- $1 of runs that began before, $2 how many at most.
DELETE FROM sync.reject
WHERE reject_id IN (
    SELECT j.reject_id
    FROM sync.run r
    JOIN sync.reject j ON j.run_id = r.run_id AND j.source = r.source
    WHERE r.started_at < $1
    LIMIT $2
)
