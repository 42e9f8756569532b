-- How many SIMs were there on a date, by customer and status?
--
-- source         the source's name
-- customer_name  the customer then, by its name today; null at IoT-X, and where none was told
-- status         the status then
-- sims           live SIMs
--
-- Watch out: at_time is a moment; write its zone, as in timestamptz '2026-03-31 24:00 UTC'. Before
-- the first sync there is nothing, and after a night without a complete sync the fleet may hold
-- SIMs that were gone. fleet.subscriber_at has all columns of the SIMs of that moment.
WITH given AS (SELECT now() - interval '30 days' AS at_time)
SELECT v.source, c.name AS customer_name, v.status, count(*) AS sims
FROM given g
CROSS JOIN LATERAL fleet.subscriber_at(g.at_time) v
LEFT JOIN fleet.customer c ON c.source = v.source AND c.customer_id = v.customer_id
WHERE v.removed_at IS NULL
GROUP BY v.source, c.name, v.status
ORDER BY v.source, c.name, sims DESC, v.status;
