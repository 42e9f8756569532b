-- The last observation of each subscriber, where it is later than the one held.
INSERT INTO fleet.network_state AS f (subscriber_key, is_online, is_transferring, data_usage_bytes, observed_at)
SELECT DISTINCT ON (o.subscriber_key) o.subscriber_key, o.is_online, o.is_transferring, o.data_usage_bytes, o.observed_at
FROM stage_observation o
ORDER BY o.subscriber_key, o.observed_at DESC, o.stage_row DESC
ON CONFLICT (subscriber_key) DO UPDATE
SET is_online = excluded.is_online,
    is_transferring = excluded.is_transferring,
    data_usage_bytes = excluded.data_usage_bytes,
    observed_at = excluded.observed_at
WHERE f.observed_at <= excluded.observed_at
