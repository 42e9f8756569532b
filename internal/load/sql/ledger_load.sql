-- error tells why of a load that is not ok, until the run's end has more to say.
UPDATE sync.run
SET as_of = $3, load_outcome = $4, error = nullif($5, ''), declared = $6, records = $7, inserted = $8, updated = $9, unchanged = $10, repeated = $11,
    rejected = $12, rejected_parts = $13, removed = $14
WHERE run_id = $1 AND source = $2
