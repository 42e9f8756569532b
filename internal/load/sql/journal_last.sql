-- $1 sources. The steps of the last command that asked for anything of one of them.
SELECT c.change_id, c.command_id, c.kind, c.source, coalesce(c.line, 0) AS line, c.subject_type, c.subject_value, c.subscriber_key,
    coalesce(s.subscriber_id, '') AS subscriber_id, coalesce(s.iccid, '') AS iccid, c.from_customer_id, c.target_customer_id,
    coalesce(c.nickname, '') AS nickname, c.asked_at, c.sent_at, coalesce(c.request_id, '') AS request_id, c.outcome, coalesce(c.code, '') AS code,
    c.settled_at, coalesce(c.settled_by, '') AS settled_by
FROM sync.change_request c
LEFT JOIN fleet.subscriber s ON s.subscriber_key = c.subscriber_key
WHERE c.command_id = (SELECT command_id FROM sync.change_request WHERE source = ANY($1) ORDER BY change_id DESC LIMIT 1)
    AND c.source = ANY($1)
ORDER BY c.change_id
