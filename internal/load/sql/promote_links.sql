-- New subscribers have theirs from promote_insert. A link that is missing in
-- stage_link was left out by a complete walk, or its subscriber would not be here
-- for its link's sake: $1 tells whether the walks were.
UPDATE fleet.subscriber f
SET parent_key = l.parent_key,
    is_enabled_on_parent = l.is_enabled,
    changed_at = c.changed_at
FROM stage_changed c
LEFT JOIN stage_link l ON l.subscriber_key = c.subscriber_key
WHERE f.subscriber_key = c.subscriber_key
  AND NOT c.is_gone
  AND ($1 OR l.subscriber_key IS NOT NULL)
  AND (f.parent_key, f.is_enabled_on_parent) IS DISTINCT FROM (l.parent_key, l.is_enabled)
