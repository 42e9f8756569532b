-- $1 run; $2 source (null: all of them); $3 how many (0: all); $4 whether with the
-- records as received.
SELECT reject_id AS id, run_id, source, listing, is_whole, subject, nullif(field, '') AS field, reason,
    CASE WHEN $4 THEN record END AS record, CASE WHEN $4 THEN record_bytes END AS record_bytes, rejected_at
FROM sync.reject
WHERE run_id = $1
    AND ($2::text IS NULL OR source = $2)
ORDER BY source, reject_id
LIMIT nullif($3::bigint, 0)
