-- $1 source. Everything that the database holds of it, removed ones too: a
-- subscriber that comes back is to have its old key.
SELECT subscriber_key, coalesce(subscriber_id, ''), coalesce(iccid, ''), coalesce(physical_id, ''), content_hash, removed_at IS NULL AS is_live,
    parent_key IS NOT NULL OR is_enabled_on_parent IS NOT NULL AS is_linked
FROM fleet.subscriber
WHERE source = $1
