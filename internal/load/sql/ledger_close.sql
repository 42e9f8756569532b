UPDATE sync.run
SET finished_at = $3, outcome = $4, exit_code = $5, error = nullif($6, ''), requests = $7, retries = $8, bytes = $9
WHERE run_id = $1 AND source = $2 AND finished_at IS NULL
