INSERT INTO sync.run (run_id, source, command, started_at, version)
VALUES ($1, $2, $3, $4, $5)
