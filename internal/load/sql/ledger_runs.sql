-- $1 how many runs, each with all its sources (0: all); $2 the one run (null: any).
-- Newest first: run_id is of version 7. running says only that the row is the one of
-- its source that can be: the newest, and without an end.
SELECT r.run_id, r.source, r.command, r.started_at, r.finished_at, r.outcome, r.exit_code, r.error, r.version, r.load_outcome, r.continues_run_id,
    r.declared, r.records, r.inserted, r.updated, r.unchanged, r.repeated, r.rejected, r.rejected_parts, r.removed,
    r.requests, r.retries, r.bytes, r.details_asked, r.details_found, r.profiles_asked, r.profiles_found,
    r.as_of, r.connected_since, r.connected_until,
    r.finished_at IS NULL AND NOT EXISTS (
        SELECT FROM sync.run later
        WHERE later.source = r.source AND (later.started_at, later.run_id) > (r.started_at, r.run_id)
    ) AS running
FROM sync.run r
WHERE r.run_id IN (
    SELECT DISTINCT run_id FROM sync.run
    WHERE $2::uuid IS NULL OR run_id = $2
    ORDER BY run_id DESC LIMIT nullif($1::bigint, 0)
)
ORDER BY r.run_id DESC, r.source
