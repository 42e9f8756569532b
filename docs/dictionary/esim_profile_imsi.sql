-- The IMSIs of the profiles that are on an eUICC now.
SELECT p.name AS profile, i.ordinal, i.imsi, i.msisdn, i.is_last_active
FROM fleet.esim_profile_imsi i
JOIN fleet.esim_profile p USING (source, eid, profile_id)
WHERE p.removed_at IS NULL
ORDER BY profile, i.ordinal;
