-- $1 source. A profile that left its EID keeps the IMSIs that it had.
DELETE FROM fleet.esim_profile_imsi f
USING stage_profile p
WHERE f.source = $1
  AND f.eid = p.eid
  AND f.profile_id = p.profile_id
  AND NOT EXISTS (
    SELECT FROM stage_profile_imsi i
    WHERE i.eid = f.eid AND i.profile_id = f.profile_id AND i.ordinal = f.ordinal)
