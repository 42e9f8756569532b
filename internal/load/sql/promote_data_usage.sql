-- The last observation of each subscriber and UTC day, where it is later than the
-- one held.
INSERT INTO fleet.data_usage AS f (subscriber_key, day, data_usage_bytes, observed_at)
SELECT DISTINCT ON (o.subscriber_key, (o.observed_at AT TIME ZONE 'UTC')::date)
    o.subscriber_key, (o.observed_at AT TIME ZONE 'UTC')::date, o.data_usage_bytes, o.observed_at
FROM stage_observation o
WHERE o.data_usage_bytes IS NOT NULL
ORDER BY o.subscriber_key, (o.observed_at AT TIME ZONE 'UTC')::date, o.observed_at DESC, o.stage_row DESC
ON CONFLICT (subscriber_key, day) DO UPDATE
SET data_usage_bytes = excluded.data_usage_bytes,
    observed_at = excluded.observed_at
WHERE f.observed_at <= excluded.observed_at
