UPDATE sync.run
SET as_of = $3, load_outcome = $4, declared = $5, records = $6, inserted = $7, updated = $8, unchanged = $9, repeated = $10, rejected = $11,
    rejected_parts = $12, removed = $13
WHERE run_id = $1 AND source = $2
