-- The walks of a promote are there already where only the answer to its COMMIT was
-- lost.
INSERT INTO sync.walk (run_id, source, listing, verdict, declared, distinct_records, repeated, sessions, requests, started_at, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (run_id, source, listing) DO NOTHING
