-- Live subscribers that were offline when last observed.
SELECT s.kind, s.physical_id, s.nickname, n.data_usage_bytes, n.observed_at
FROM fleet.network_state n
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.removed_at IS NULL
  AND NOT n.is_online
ORDER BY s.physical_id;
