-- $1 source. What a complete answer about its EID does not name has left it.
UPDATE fleet.esim_profile f
SET removed_at = a.asked_at
FROM stage_profile_answer a
WHERE f.source = $1
  AND f.eid = a.eid
  AND a.is_complete
  AND f.removed_at IS NULL
  AND NOT EXISTS (SELECT FROM stage_profile p WHERE p.eid = f.eid AND p.profile_id = f.profile_id)
