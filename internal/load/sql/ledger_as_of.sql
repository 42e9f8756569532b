-- $1 source. As of when the data is that each of its runs loaded, in order, and whether its
-- enrichment came to an end: in the run itself, or in a replay's of what was left.
SELECT r.as_of,
    coalesce(r.exit_code IN (0, 3, 4, 5), false) OR EXISTS (
        SELECT
        FROM sync.run later
        WHERE later.source = r.source AND later.as_of IS NULL AND later.command = 'backfill' AND later.exit_code = 0
          AND later.started_at >= r.started_at)
FROM sync.run r
WHERE r.source = $1 AND r.as_of IS NOT NULL
ORDER BY r.as_of
