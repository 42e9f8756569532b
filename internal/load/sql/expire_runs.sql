-- $1 that began before, $2 how many at most. Their walks go with them. A run goes only
-- where a later one of its source was complete, and its data not older: so none goes
-- that the present state is told by, and none that is alive, for the later one had its
-- lock.
DELETE FROM sync.run
WHERE (run_id, source) IN (
    SELECT r.run_id, r.source
    FROM sync.run r
    WHERE r.started_at < $1
      AND EXISTS (
        SELECT
        FROM sync.run later
        WHERE later.source = r.source
          AND later.started_at > r.started_at
          AND coalesce(later.load_outcome, later.outcome) = 'ok'
          AND later.records IS NOT NULL
          AND later.connected_since IS NULL
          AND later.connected_until IS NULL
          AND (r.as_of IS NULL OR later.as_of > r.as_of)
      )
      AND NOT EXISTS (SELECT FROM sync.reject j WHERE j.run_id = r.run_id AND j.source = r.source)
    LIMIT $2
)
