UPDATE sync.run
SET declared = $3, records = $4, inserted = $5, updated = $6, unchanged = $7, repeated = $8, rejected = $9, rejected_parts = $10, removed = $11
WHERE run_id = $1 AND source = $2
