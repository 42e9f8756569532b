UPDATE sync.run
SET as_of = $3, declared = $4, records = $5, inserted = $6, updated = $7, unchanged = $8, repeated = $9, rejected = $10, rejected_parts = $11, removed = $12
WHERE run_id = $1 AND source = $2
