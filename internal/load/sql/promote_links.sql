-- New subscribers have theirs from promote_insert.
UPDATE fleet.subscriber f
SET parent_key = l.parent_key,
    is_enabled_on_parent = l.is_enabled,
    changed_at = c.changed_at
FROM stage_changed c
JOIN stage_link l ON l.subscriber_key = c.subscriber_key
WHERE f.subscriber_key = c.subscriber_key
  AND (f.parent_key, f.is_enabled_on_parent) IS DISTINCT FROM (l.parent_key, l.is_enabled)
