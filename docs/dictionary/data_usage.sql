-- What one subscriber's counter said day by day. Where it falls, a billing period began.
SELECT u.day, u.data_usage_bytes, u.data_usage_bytes < lag(u.data_usage_bytes) OVER (ORDER BY u.day) AS is_new_period
FROM fleet.data_usage u
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.iccid = '8944100000000020024'
  AND u.day BETWEEN '2026-11-01' AND '2026-11-30'
ORDER BY u.day;
