-- Of how many SIMs are the details known, and how old are they?
--
-- source        the source's name
-- sims          live SIMs of sources that have details (floLIVE)
-- with_details  those whose details were read
-- percent       the share
-- newest        when the latest of them was read
-- oldest        when the oldest was
-- older_sims    those read longer ago than the days given
--
-- Watch out: details are read one SIM at a time, within a budget a night: at first the new, then the
-- changed, then the stalest. What is asked of aliases, tags, offers or networks speaks of these SIMs.
WITH given AS (SELECT 7 AS days)
SELECT s.source, count(*) AS sims, count(d.subscriber_key) AS with_details, round(100.0 * count(d.subscriber_key) / count(*), 1) AS percent,
    max(d.fetched_at) AS newest, min(d.fetched_at) AS oldest,
    count(*) FILTER (WHERE d.fetched_at < now() - make_interval(days => g.days)) AS older_sims
FROM given g
CROSS JOIN fleet.subscriber s
LEFT JOIN fleet.subscriber_detail d ON d.subscriber_key = s.subscriber_key
WHERE s.removed_at IS NULL
  AND s.physical_id IS NULL
GROUP BY s.source
ORDER BY s.source;
