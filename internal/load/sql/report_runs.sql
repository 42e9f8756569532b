-- $1 since when. A replay of an archive belongs to the time of what it replays. running
-- is as in ledger_runs.
SELECT r.run_id, r.source, r.command, r.started_at, r.finished_at, r.outcome, r.error, r.as_of,
    r.connected_since IS NULL AND r.connected_until IS NULL AND r.continues_run_id IS NULL AS is_whole,
    coalesce(r.load_outcome, r.outcome) IS NOT DISTINCT FROM 'ok' AS is_ok,
    r.records, r.inserted, r.updated, r.removed, r.rejected, r.rejected_parts,
    w.walks, w.complete_walks, w.reasons,
    r.finished_at IS NULL AND NOT EXISTS (
        SELECT FROM sync.run later
        WHERE later.source = r.source AND (later.started_at, later.run_id) > (r.started_at, r.run_id)
    ) AS running
FROM sync.run r
CROSS JOIN LATERAL (
    SELECT count(*) AS walks, count(*) FILTER (WHERE verdict = 'complete') AS complete_walks,
        coalesce(array_agg(DISTINCT verdict) FILTER (WHERE verdict <> 'complete'), '{}') AS reasons
    FROM sync.walk
    WHERE walk.run_id = r.run_id AND walk.source = r.source
) w
WHERE coalesce(r.as_of, r.started_at) >= $1
ORDER BY coalesce(r.as_of, r.started_at) DESC, r.run_id DESC, r.source
