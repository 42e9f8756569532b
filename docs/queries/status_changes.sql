-- Which SIMs changed their status in the last week, and to what?
--
-- changed_at      when a sync found the change: it happened at the provider since the sync before
-- source          the source's name
-- iccid           the SIM; null where the subscriber is not cellular
-- old_status      the status before
-- new_status      the status after
-- customer_name   the customer today; null at IoT-X, and where none was told
-- subscriber_key  our key of the SIM
--
-- Watch out: a change back and forth between two syncs is seen by nobody. SIMs that are new,
-- gone or back are in new_and_gone.sql. status_flow.sql counts.
WITH given AS NOT MATERIALIZED (SELECT 7 AS days), version AS (
    SELECT h.subscriber_key, h.source, h.valid_from, h.valid_to, h.removed_at, h.status
    FROM given g
    JOIN fleet.subscriber_history h ON h.valid_to >= now() - make_interval(days => g.days)
)
SELECT o.valid_to AS changed_at, o.source, s.iccid, o.status AS old_status, coalesce(n.status, s.status) AS new_status, c.name AS customer_name,
    o.subscriber_key
FROM version o
JOIN fleet.subscriber s ON s.subscriber_key = o.subscriber_key
LEFT JOIN version n ON n.subscriber_key = o.subscriber_key AND n.valid_from = o.valid_to -- else the version in force took its place
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
WHERE o.status <> coalesce(n.status, s.status)
  AND o.removed_at IS NULL
  AND CASE WHEN n.subscriber_key IS NULL THEN s.removed_at ELSE n.removed_at END IS NULL
ORDER BY o.valid_to DESC, o.source, s.iccid, o.subscriber_key;
