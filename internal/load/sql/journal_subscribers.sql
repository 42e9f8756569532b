-- $1 source, and of equal length: $2 subject types, $3 subject values. The live
-- subscribers that a subject names. Devices are the same where the first 14 digits of
-- their IMEI are; the search is a range, for the index. A subscriber's customer and
-- nickname are those of a change that was done since the last run that loaded the whole
-- source began: no sync has seen it yet.
SELECT u.subject_type, u.subject_value, s.subscriber_key, coalesce(s.subscriber_id, ''), coalesce(s.iccid, ''),
    coalesce(m.target_customer_id, s.customer_id), coalesce(m.nickname, s.nickname, ''), s.changed_at
FROM (SELECT DISTINCT subject_type, subject_value FROM unnest($2::text[], $3::text[]) AS a (subject_type, subject_value)) u
CROSS JOIN LATERAL (
    SELECT f.subscriber_key FROM fleet.subscriber f WHERE u.subject_type = 'ICCID' AND f.iccid = u.subject_value
    UNION
    SELECT f.subscriber_key FROM fleet.subscriber f
    WHERE u.subject_type = 'IMEI' AND f.imei >= left(u.subject_value, 14) AND f.imei <= left(u.subject_value, 14) || '9'
    UNION
    SELECT f.subscriber_key FROM fleet.subscriber f WHERE u.subject_type = 'PHYSICAL_ID' AND f.physical_id = u.subject_value AND f.source = $1
    UNION
    SELECT i.subscriber_key FROM fleet.subscriber_imsi i WHERE u.subject_type = 'IMSI' AND i.imsi = u.subject_value
    UNION
    SELECT i.subscriber_key FROM fleet.subscriber_imsi i WHERE u.subject_type = 'MSISDN' AND i.msisdn = u.subject_value
) fit
CROSS JOIN LATERAL (SELECT f.* FROM fleet.subscriber f WHERE f.subscriber_key = fit.subscriber_key OFFSET 0) s -- by its key, one by one
LEFT JOIN LATERAL (
    SELECT c.target_customer_id, c.nickname
    FROM sync.change_request c
    WHERE c.subscriber_key = s.subscriber_key AND c.outcome = 'done'
      AND c.settled_at > (
        SELECT coalesce(max(started_at), '-infinity') FROM sync.run
        WHERE source = $1 AND records IS NOT NULL AND connected_since IS NULL AND connected_until IS NULL
      )
    ORDER BY c.change_id DESC
    LIMIT 1
) m ON true
WHERE s.source = $1 AND s.removed_at IS NULL
ORDER BY u.subject_type, u.subject_value, s.subscriber_key
