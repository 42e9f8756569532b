-- Tariffs by data used in the billing period so far
SELECT k.operator_name AS operator, k.tariff_name AS tariff, count(*) AS sims,
    count(*) FILTER (WHERE n.is_online) AS online,
    round(sum(n.data_usage_bytes) / 1e9, 2) AS gigabytes
FROM fleet.contract k
JOIN fleet.subscriber s ON s.subscriber_key = k.subscriber_key AND s.removed_at IS NULL
JOIN fleet.network_state n ON n.subscriber_key = k.subscriber_key
GROUP BY k.operator_name, k.tariff_name
ORDER BY gigabytes DESC
LIMIT 5
