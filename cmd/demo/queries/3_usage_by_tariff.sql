-- Which tariffs carry the most data in this billing period
SELECT k.operator_name AS operator, k.tariff_name AS tariff,
    count(*) AS sims, count(*) FILTER (WHERE n.is_online) AS online,
    round(sum(n.data_usage_bytes) / 1e9, 2) AS gigabytes
FROM fleet.contract k
JOIN fleet.subscriber s USING (subscriber_key)
JOIN fleet.network_state n USING (subscriber_key)
WHERE s.removed_at IS NULL
GROUP BY k.operator_name, k.tariff_name
ORDER BY gigabytes DESC
LIMIT 5
