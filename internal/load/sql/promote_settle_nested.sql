-- In a walk that is not complete a profile may have come only inside its parent's
-- record, which may tell less than its own, not reached, would have: what is known
-- of it stays.
DELETE FROM stage_subscriber
WHERE NOT is_top
  AND NOT is_new
