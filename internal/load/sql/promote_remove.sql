UPDATE fleet.subscriber f
SET removed_at = c.changed_at,
    changed_at = c.changed_at
FROM stage_changed c
WHERE f.subscriber_key = c.subscriber_key
  AND c.is_gone
