-- Which SIMs moved from one customer to another in the last 30 days?
--
-- moved_at        when a sync found it
-- source          the source's name
-- iccid           the SIM
-- old_customer    the customer before, by its name today or its UUID; null where none was told
-- new_customer    the customer after, likewise
-- status          the status today
-- subscriber_key  our key
--
-- Watch out: floLIVE only. Where the move gave the SIM another subscriberId it is a new SIM with the
-- same ICCID, and the old one gone: new_and_gone.sql.
WITH given AS NOT MATERIALIZED (SELECT 30 AS days), version AS (
    SELECT h.subscriber_key, h.source, h.valid_from, h.valid_to, h.customer_id
    FROM given g
    JOIN fleet.subscriber_history h ON h.valid_to >= now() - make_interval(days => g.days)
)
SELECT o.valid_to AS moved_at, o.source, s.iccid, coalesce(b.name, o.customer_id::text) AS old_customer,
    coalesce(a.name, x.customer_id::text) AS new_customer, s.status, o.subscriber_key
FROM version o
JOIN fleet.subscriber s ON s.subscriber_key = o.subscriber_key
LEFT JOIN version n ON n.subscriber_key = o.subscriber_key AND n.valid_from = o.valid_to -- else the version in force took its place
CROSS JOIN LATERAL (SELECT CASE WHEN n.subscriber_key IS NULL THEN s.customer_id ELSE n.customer_id END AS customer_id) x
LEFT JOIN fleet.customer b ON b.source = o.source AND b.customer_id = o.customer_id
LEFT JOIN fleet.customer a ON a.source = o.source AND a.customer_id = x.customer_id
WHERE x.customer_id IS DISTINCT FROM o.customer_id
ORDER BY o.valid_to DESC, o.source, s.iccid, o.subscriber_key;
