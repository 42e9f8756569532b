-- $1 source, $2 day. As fleet.daily_usage has it, which would read every day there is.
-- Nearly all have been observed the day before; only the others are looked up one by one.
INSERT INTO fleet.tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
SELECT $1, $2, k.operator_code, k.operator_name, k.tariff_name, count(*),
    coalesce(sum(CASE WHEN u.data_usage_bytes >= b.data_usage_bytes THEN u.data_usage_bytes - b.data_usage_bytes ELSE u.data_usage_bytes END)
        FILTER (WHERE b.data_usage_bytes IS NOT NULL), 0)
FROM fleet.data_usage u
JOIN fleet.subscriber s ON s.subscriber_key = u.subscriber_key AND s.source = $1
LEFT JOIN fleet.contract k ON k.subscriber_key = u.subscriber_key
LEFT JOIN fleet.data_usage y ON y.subscriber_key = u.subscriber_key AND y.day = $2::date - 1
CROSS JOIN LATERAL (
    SELECT coalesce(y.data_usage_bytes, (
        SELECT e.data_usage_bytes
        FROM fleet.data_usage e
        WHERE e.subscriber_key = u.subscriber_key AND e.day < $2::date - 1
        ORDER BY e.day DESC
        LIMIT 1)) AS data_usage_bytes
) b
WHERE u.day = $2::date
GROUP BY k.operator_code, k.operator_name, k.tariff_name
