-- By which radio each floLIVE SIM was last connected, and where.
SELECT s.iccid, d.alias, d.last_rat_type_label AS radio, d.mcc, d.mnc, d.last_data_session_at
FROM fleet.subscriber_detail d
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.removed_at IS NULL
ORDER BY d.last_data_session_at DESC NULLS LAST;
