-- $1 source. The runs that loaded it, in the order of their data: whether the enrichment of
-- each came to an end, in the run itself or in a replay's of what was left, or broke off;
-- whether it is a replay; and whether a walk of it was not complete.
SELECT r.run_id, r.as_of,
    coalesce(r.exit_code IN (0, 3, 4, 5), false) OR EXISTS (
        SELECT
        FROM sync.run later
        WHERE later.source = r.source AND later.as_of IS NULL AND later.command = 'backfill' AND later.exit_code = 0
          AND later.started_at >= r.started_at) AS is_whole,
    coalesce(r.exit_code = 1, false) AS is_broken,
    r.as_of < r.started_at AS is_replay,
    EXISTS (
        SELECT
        FROM sync.walk w
        WHERE w.run_id = r.run_id AND w.source = r.source AND w.listing <> 'details' AND w.verdict <> 'complete') AS has_incomplete
FROM sync.run r
WHERE r.source = $1 AND r.as_of IS NOT NULL
ORDER BY r.as_of
