-- Pairs of changed subscribers: a pair that is as it was is left alone, for even
-- an update that changes nothing writes.
INSERT INTO fleet.subscriber_imsi AS f (subscriber_key, ordinal, imsi, msisdn, is_last_active)
SELECT n.subscriber_key, i.ordinal, i.imsi, i.msisdn, i.is_last_active
FROM stage_subscriber n
JOIN stage_imsi i ON i.stage_row = n.stage_row
LEFT JOIN fleet.subscriber_imsi o ON o.subscriber_key = n.subscriber_key AND o.ordinal = i.ordinal
WHERE NOT n.is_new
  AND (o.subscriber_key IS NULL OR (o.imsi, o.msisdn, o.is_last_active) IS DISTINCT FROM (i.imsi, i.msisdn, i.is_last_active))
ON CONFLICT (subscriber_key, ordinal) DO UPDATE
SET imsi = excluded.imsi, msisdn = excluded.msisdn, is_last_active = excluded.is_last_active
