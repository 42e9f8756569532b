-- How much was used each month of the last year, by operator and tariff?
--
-- month          the first day of the month, UTC
-- source         the source's name
-- operator_name  the operator
-- tariff_name    the tariff that the SIMs had
-- used_bytes     bytes used
-- most_sims      SIMs observed on the month's fullest day
-- days           days of the month with observations
--
-- Watch out: IoT-X only, and calendar months, not the provider's billing periods, which begin when
-- the counters fall back. The month that runs is not full, nor is the first one.
WITH given AS (SELECT 12 AS months)
SELECT date_trunc('month', u.day::timestamp)::date AS month, u.source, u.operator_name, u.tariff_name,
    sum(u.used_bytes) AS used_bytes, max(u.subscribers) AS most_sims, count(DISTINCT u.day) AS days
FROM given g
JOIN fleet.tariff_usage u ON u.day >= date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => g.months - 1)
GROUP BY month, u.source, u.operator_name, u.tariff_name
ORDER BY month DESC, used_bytes DESC, u.source, u.operator_name, u.tariff_name;
