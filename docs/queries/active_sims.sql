-- How many SIMs are active, by customer, operator and tariff?
--
-- source         the source's name
-- customer_name  the customer at floLIVE; null at IoT-X, and where none was told
-- operator_name  the operator at IoT-X; null at floLIVE
-- tariff_name    the tariff at IoT-X; null at floLIVE
-- active_sims    live SIMs whose status is active
-- online_sims    those of them online when last observed; null at floLIVE, which does not tell
--
-- Watch out: a SIM that is gone keeps its row, with removed_at set, so every count asks for
-- removed_at IS NULL. An active contract says nothing about use: see silent_sims.sql.
SELECT s.source, c.name AS customer_name, k.operator_name, k.tariff_name, count(*) AS active_sims,
    CASE WHEN count(n.is_online) > 0 THEN count(*) FILTER (WHERE n.is_online) END AS online_sims
FROM fleet.subscriber s
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
LEFT JOIN fleet.contract k ON k.subscriber_key = s.subscriber_key
LEFT JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key
WHERE s.removed_at IS NULL
  AND s.status = 'active'
GROUP BY s.source, c.name, k.operator_name, k.tariff_name
ORDER BY active_sims DESC, s.source, c.name, k.operator_name, k.tariff_name;
