-- Live rows by flag, as in docs/queries/data_quality.sql; one with several flags counts at
-- each. of_rows are the live ones that the relation has of the source. Rows are counted by
-- all their flags together first, of which few kinds are left.
WITH counted AS (
    SELECT 'subscriber' AS relation, s.source, s.flags, count(*) AS rows
    FROM fleet.subscriber s
    WHERE s.removed_at IS NULL
    GROUP BY s.source, s.flags
    UNION ALL
    SELECT 'subscriber_detail', s.source, d.flags, count(*)
    FROM fleet.subscriber_detail d
    JOIN fleet.subscriber s USING (subscriber_key)
    WHERE s.removed_at IS NULL
    GROUP BY s.source, d.flags
    UNION ALL
    SELECT 'esim_profile', p.source, p.flags, count(*)
    FROM fleet.esim_profile p
    WHERE p.removed_at IS NULL
    GROUP BY p.source, p.flags
), shared AS (
    SELECT relation, source, flags, rows, sum(rows) OVER (PARTITION BY relation, source) AS of_rows
    FROM counted
)
SELECT x.flag, s.relation, s.source, sum(s.rows)::bigint AS count, s.of_rows::bigint AS of_rows
FROM shared s
CROSS JOIN LATERAL unnest(s.flags) AS x (flag)
GROUP BY x.flag, s.relation, s.source, s.of_rows
ORDER BY sum(s.rows) DESC, x.flag COLLATE "C", s.relation DESC, s.source
