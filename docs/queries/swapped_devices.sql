-- Which SIMs turned up in another device in the last 30 days?
--
-- swapped_at      when a sync found it
-- source          the source's name
-- iccid           the SIM; null where the subscriber is not cellular
-- old_imei        the device before
-- new_imei        the device after
-- customer_name   the customer today; null at IoT-X, and where none was told
-- status          the status today
-- subscriber_key  our key
--
-- Watch out: devices are compared by the first 14 digits: the check digit says nothing. A device that
-- is seen for the first time, or no longer told, is no swap.
WITH given AS NOT MATERIALIZED (SELECT 30 AS days), version AS (
    SELECT h.subscriber_key, h.source, h.valid_from, h.valid_to, h.imei
    FROM given g
    JOIN fleet.subscriber_history h ON h.valid_to >= now() - make_interval(days => g.days)
)
SELECT o.valid_to AS swapped_at, o.source, s.iccid, o.imei AS old_imei, x.imei AS new_imei, c.name AS customer_name, s.status, o.subscriber_key
FROM version o
JOIN fleet.subscriber s ON s.subscriber_key = o.subscriber_key
LEFT JOIN version n ON n.subscriber_key = o.subscriber_key AND n.valid_from = o.valid_to -- else the version in force took its place
CROSS JOIN LATERAL (SELECT CASE WHEN n.subscriber_key IS NULL THEN s.imei ELSE n.imei END AS imei) x
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
WHERE left(x.imei, 14) <> left(o.imei, 14)
ORDER BY o.valid_to DESC, o.source, s.iccid, o.subscriber_key;
