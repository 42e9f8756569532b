INSERT INTO fleet.subscriber_imsi (subscriber_key, ordinal, imsi, msisdn, is_last_active)
SELECT n.subscriber_key, i.ordinal, i.imsi, i.msisdn, i.is_last_active
FROM stage_subscriber n
JOIN stage_imsi i ON i.stage_row = n.stage_row
WHERE n.is_new
