-- $1 run, $2 source, $3 listings by walk number from 0, $4 the time of the promote.
INSERT INTO sync.reject (run_id, source, listing, is_whole, subject, field, reason, record, record_bytes, rejected_at)
SELECT $1, $2, ($3::text[])[r.walk + 1], r.is_whole, r.subject, r.field, r.reason, r.record, r.record_bytes, $4
FROM stage_reject r
