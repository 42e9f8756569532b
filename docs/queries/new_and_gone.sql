-- Which SIMs are new, gone or back since a week ago?
--
-- happened_at     when a sync found it so
-- what            new, gone or back
-- source          the source's name
-- iccid           the SIM; null where the subscriber is not cellular
-- status          its status now, or when it was last seen
-- customer_name   its customer; null at IoT-X, and where none was told
-- subscriber_key  our key, which a SIM keeps that comes back
--
-- Watch out: a SIM may be here several times. Only a complete sync says gone: after one that
-- was not, a SIM that left is still counted as live (freshness.sql).
WITH given AS NOT MATERIALIZED (SELECT 7 AS days), version AS (
    SELECT h.subscriber_key, h.valid_from, h.valid_to, h.removed_at
    FROM given g
    JOIN fleet.subscriber_history h ON h.valid_to >= now() - make_interval(days => g.days)
), happened AS (
    SELECT s.first_seen_at AS happened_at, 'new' AS what, s.subscriber_key
    FROM given g JOIN fleet.subscriber s ON s.first_seen_at >= now() - make_interval(days => g.days)
    UNION ALL
    SELECT s.removed_at, 'gone', s.subscriber_key
    FROM given g JOIN fleet.subscriber s ON s.removed_at >= now() - make_interval(days => g.days)
    UNION ALL
    SELECT h.valid_from, 'gone', h.subscriber_key
    FROM given g JOIN version h ON h.removed_at >= now() - make_interval(days => g.days)
    UNION ALL
    SELECT h.valid_to, 'back', h.subscriber_key
    FROM version h WHERE h.removed_at IS NOT NULL
)
SELECT e.happened_at, e.what, s.source, s.iccid, s.status, c.name AS customer_name, s.subscriber_key
FROM happened e
JOIN fleet.subscriber s ON s.subscriber_key = e.subscriber_key
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
ORDER BY e.happened_at DESC, e.what, s.source, s.iccid, s.subscriber_key;
