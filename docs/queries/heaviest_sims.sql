-- Which SIMs have used the most in their billing period, and what do they cost?
--
-- source             the source's name
-- iccid              the SIM; null where the subscriber is not cellular
-- nickname           its name; null where it has none
-- operator_name      the operator
-- tariff_name        the tariff
-- status             active, suspended, inactive, terminated or unknown
-- data_usage_bytes   bytes in the billing period so far
-- times_mean         how many times the mean of its tariff's SIMs that is; null where that is 0
-- line_rental_minor  the recurring fee in the smallest unit of a currency that IoT-X does not name
-- observed_at        when the usage was observed
-- subscriber_key     our key
--
-- Watch out: IoT-X only. Billing periods may begin on different days, so that one SIM's counts two
-- days and another's thirty. sim_usage.sql shows a SIM day by day.
WITH given AS (SELECT 100 AS sims), tariff AS (
    SELECT k.operator_name, k.tariff_name, avg(n.data_usage_bytes) AS mean
    FROM fleet.network_state n
    JOIN fleet.contract k ON k.subscriber_key = n.subscriber_key
    JOIN fleet.subscriber s ON s.subscriber_key = n.subscriber_key AND s.removed_at IS NULL
    GROUP BY k.operator_name, k.tariff_name
), heaviest AS (
    SELECT s.source, s.iccid, s.nickname, s.status, n.data_usage_bytes, n.observed_at, s.subscriber_key
    FROM fleet.network_state n
    JOIN fleet.subscriber s ON s.subscriber_key = n.subscriber_key AND s.removed_at IS NULL
    WHERE n.data_usage_bytes > 0
    ORDER BY n.data_usage_bytes DESC, s.subscriber_key
    LIMIT (SELECT g.sims FROM given g)
)
SELECT h.source, h.iccid, h.nickname, k.operator_name, k.tariff_name, h.status, h.data_usage_bytes,
    round(h.data_usage_bytes / nullif(t.mean, 0), 1) AS times_mean, k.line_rental_minor, h.observed_at, h.subscriber_key
FROM heaviest h
LEFT JOIN fleet.contract k ON k.subscriber_key = h.subscriber_key
LEFT JOIN tariff t ON (t.operator_name, t.tariff_name) IS NOT DISTINCT FROM (k.operator_name, k.tariff_name)
ORDER BY h.data_usage_bytes DESC, h.subscriber_key;
