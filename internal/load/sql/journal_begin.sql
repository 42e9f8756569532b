-- $1 command, $2 kind, $3 source; then of equal length: $4 lines (null: the command
-- line's), $5 subject types, $6 subject values, $7 subscriber keys, $8 customers that
-- they belong to, $9 customers to move to, $10 nicknames, $11 when each was asked.
INSERT INTO sync.change_request (
    command_id, kind, source, line, subject_type, subject_value, subscriber_key, from_customer_id, target_customer_id, nickname, asked_at, outcome)
SELECT $1, $2, $3, s.line, s.subject_type, s.subject_value, s.subscriber_key, s.from_customer_id, s.target_customer_id, s.nickname, s.asked_at, 'journalled'
FROM unnest($4::int[], $5::text[], $6::text[], $7::bigint[], $8::uuid[], $9::uuid[], $10::text[], $11::timestamptz[])
    WITH ORDINALITY AS s (line, subject_type, subject_value, subscriber_key, from_customer_id, target_customer_id, nickname, asked_at, place)
ORDER BY s.place
RETURNING change_id, subject_type, subject_value
