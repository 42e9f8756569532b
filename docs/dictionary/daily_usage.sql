-- What one subscriber used each day. In the first nobody knows; in the second a billing period began.
SELECT u.day, u.data_usage_bytes, u.used_bytes, u.is_reset
FROM fleet.daily_usage u
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.iccid = '8944100000000020024'
ORDER BY u.day;
