-- Live subscribers by flag; one with several flags counts at each.
SELECT f.flag, s.source, count(*) AS count
FROM fleet.subscriber s
CROSS JOIN LATERAL unnest(s.flags) AS f (flag)
WHERE s.removed_at IS NULL
    AND s.flags <> '{}'
GROUP BY f.flag, s.source
ORDER BY count DESC, f.flag COLLATE "C", s.source
