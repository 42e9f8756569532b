-- $1 source. A pair that is as it was is left alone: even an update that changes
-- nothing writes.
INSERT INTO fleet.esim_profile_imsi (source, eid, profile_id, ordinal, imsi, msisdn, is_last_active)
SELECT $1, n.eid, n.profile_id, n.ordinal, n.imsi, n.msisdn, n.is_last_active
FROM stage_profile_imsi n
LEFT JOIN fleet.esim_profile_imsi o ON o.source = $1 AND o.eid = n.eid AND o.profile_id = n.profile_id AND o.ordinal = n.ordinal
WHERE o.eid IS NULL
   OR (o.imsi, o.msisdn, o.is_last_active) IS DISTINCT FROM (n.imsi, n.msisdn, n.is_last_active)
ON CONFLICT (source, eid, profile_id, ordinal) DO UPDATE
SET imsi = excluded.imsi,
    msisdn = excluded.msisdn,
    is_last_active = excluded.is_last_active
