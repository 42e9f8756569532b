-- $1 keys
SELECT subscriber_key, coalesce(physical_id, '')
FROM fleet.subscriber
WHERE subscriber_key = ANY ($1)
ORDER BY subscriber_key
