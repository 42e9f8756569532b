-- What each tariff used in a span of days.
SELECT operator_name, tariff_name, sum(used_bytes) AS used_bytes
FROM fleet.tariff_usage
WHERE day BETWEEN '2026-11-02' AND '2026-11-03'
GROUP BY operator_name, tariff_name
ORDER BY used_bytes DESC, operator_name;
