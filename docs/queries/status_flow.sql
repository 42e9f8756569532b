-- Which status became which, each day of the last week?
--
-- day         the UTC day on which a sync found the changes
-- source      the source's name
-- old_status  the status before
-- new_status  the status after
-- sims        how many SIMs
--
-- Watch out: the day is that of the sync. Where a night failed, the next one finds the changes
-- of both: nights.sql shows which did.
WITH given AS NOT MATERIALIZED (SELECT 7 AS days), version AS (
    SELECT h.subscriber_key, h.source, h.valid_from, h.valid_to, h.removed_at, h.status
    FROM given g
    JOIN fleet.subscriber_history h ON h.valid_to >= now() - make_interval(days => g.days)
)
SELECT (o.valid_to AT TIME ZONE 'UTC')::date AS day, o.source, o.status AS old_status, coalesce(n.status, s.status) AS new_status, count(*) AS sims
FROM version o
JOIN fleet.subscriber s ON s.subscriber_key = o.subscriber_key
LEFT JOIN version n ON n.subscriber_key = o.subscriber_key AND n.valid_from = o.valid_to -- else the version in force took its place
WHERE o.status <> coalesce(n.status, s.status)
  AND o.removed_at IS NULL
  AND CASE WHEN n.subscriber_key IS NULL THEN s.removed_at ELSE n.removed_at END IS NULL
GROUP BY day, o.source, o.status, new_status
ORDER BY day DESC, o.source, sims DESC, old_status, new_status;
