-- Said again where the answer was lost: the row may be there.
INSERT INTO sync.run (run_id, source, command, started_at, version, connected_since, connected_until, continues_run_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (run_id, source) DO NOTHING
