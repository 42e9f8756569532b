-- How good is the data: how many rows have which flag?
--
-- source    the source's name
-- relation  whose flags: subscriber, subscriber_detail or esim_profile
-- flag      what is odd (docs/flags.md names them all); null: rows without any flag
-- flagged   live rows with the flag
-- of_rows   live rows there are
-- percent   the share
--
-- Watch out: a row may have several flags. What was rejected whole is in no table of the fleet;
-- fleet.run counts it each night (rejected).
WITH counted AS (
    SELECT 'subscriber' AS relation, s.source, count(*) AS of_rows, count(*) FILTER (WHERE s.flags = '{}') AS plain
    FROM fleet.subscriber s
    WHERE s.removed_at IS NULL
    GROUP BY s.source
    UNION ALL
    SELECT 'subscriber_detail', s.source, count(*), count(*) FILTER (WHERE d.flags = '{}')
    FROM fleet.subscriber_detail d JOIN fleet.subscriber s ON s.subscriber_key = d.subscriber_key
    WHERE s.removed_at IS NULL
    GROUP BY s.source
    UNION ALL
    SELECT 'esim_profile', p.source, count(*), count(*) FILTER (WHERE p.flags = '{}')
    FROM fleet.esim_profile p
    WHERE p.removed_at IS NULL
    GROUP BY p.source
), flagged AS (
    SELECT 'subscriber' AS relation, s.source, s.flags FROM fleet.subscriber s WHERE s.flags <> '{}' AND s.removed_at IS NULL
    UNION ALL
    SELECT 'subscriber_detail', s.source, d.flags
    FROM fleet.subscriber_detail d JOIN fleet.subscriber s ON s.subscriber_key = d.subscriber_key
    WHERE d.flags <> '{}' AND s.removed_at IS NULL
    UNION ALL
    SELECT 'esim_profile', p.source, p.flags FROM fleet.esim_profile p WHERE p.flags <> '{}' AND p.removed_at IS NULL
), answer AS (
    SELECT f.relation, f.source, x.flag, count(*) AS flagged FROM flagged f, unnest(f.flags) x (flag) GROUP BY f.relation, f.source, x.flag
    UNION ALL
    SELECT c.relation, c.source, NULL, c.plain FROM counted c WHERE c.plain > 0
)
SELECT a.source, a.relation, a.flag, a.flagged, c.of_rows, round(100.0 * a.flagged / c.of_rows, 3) AS percent
FROM answer a
JOIN counted c ON c.relation = a.relation AND c.source = a.source
ORDER BY a.source, a.relation, a.flag IS NULL, a.flagged DESC, a.flag;
