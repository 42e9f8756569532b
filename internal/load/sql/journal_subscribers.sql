-- $1 source, and of equal length: $2 subject types, $3 subject values. The live
-- subscribers that a subject names. Devices are the same where the first 14 digits of
-- their IMEI are; the search is a range, for the index. A subscriber's customer and
-- nickname are those of a change that was done since the last run that loaded began: no
-- sync has seen it yet.
WITH subject AS (
    SELECT DISTINCT subject_type, subject_value FROM unnest($2::text[], $3::text[]) AS u (subject_type, subject_value)
), fit AS (
    SELECT u.subject_type, u.subject_value, s.subscriber_key
    FROM subject u JOIN fleet.subscriber s ON s.iccid = u.subject_value
    WHERE u.subject_type = 'ICCID'
    UNION
    SELECT u.subject_type, u.subject_value, s.subscriber_key
    FROM subject u JOIN fleet.subscriber s ON s.imei >= left(u.subject_value, 14) AND s.imei <= left(u.subject_value, 14) || '9'
    WHERE u.subject_type = 'IMEI'
    UNION
    SELECT u.subject_type, u.subject_value, s.subscriber_key
    FROM subject u JOIN fleet.subscriber s ON s.physical_id = u.subject_value
    WHERE u.subject_type = 'PHYSICAL_ID'
    UNION
    SELECT u.subject_type, u.subject_value, i.subscriber_key
    FROM subject u JOIN fleet.subscriber_imsi i ON i.imsi = u.subject_value
    WHERE u.subject_type = 'IMSI'
    UNION
    SELECT u.subject_type, u.subject_value, i.subscriber_key
    FROM subject u JOIN fleet.subscriber_imsi i ON i.msisdn = u.subject_value
    WHERE u.subject_type = 'MSISDN'
)
SELECT f.subject_type, f.subject_value, s.subscriber_key, coalesce(s.subscriber_id, ''), coalesce(s.iccid, ''),
    coalesce(m.target_customer_id, s.customer_id), coalesce(m.nickname, s.nickname, ''), s.changed_at
FROM fit f
JOIN fleet.subscriber s ON s.subscriber_key = f.subscriber_key
LEFT JOIN LATERAL (
    SELECT c.target_customer_id, c.nickname
    FROM sync.change_request c
    WHERE c.subscriber_key = s.subscriber_key AND c.outcome = 'done'
      AND c.settled_at > (SELECT max(started_at) FROM sync.run WHERE source = $1 AND records IS NOT NULL)
    ORDER BY c.change_id DESC
    LIMIT 1
) m ON true
WHERE s.source = $1 AND s.removed_at IS NULL
ORDER BY f.subject_type, f.subject_value, s.subscriber_key
