-- The profiles on each eUICC, those that left it too, and the one that is active.
SELECT eid, name AS profile, iccid, is_active, removed_at::date AS left_on
FROM fleet.esim_profile
ORDER BY eid, removed_at NULLS FIRST, name;
