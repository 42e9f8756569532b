-- $1 how many of each sort at most: the new in the order in which they came, the others in
-- that in which they were first found. The differences of one subscriber stand together.
WITH example (rank, change, subscriber_key) AS (
    (SELECT 1, 'inserted', subscriber_key FROM stage_subscriber WHERE is_new ORDER BY stage_row LIMIT $1)
    UNION ALL
    (SELECT 2, 'updated', subscriber_key FROM stage_changed WHERE NOT is_gone ORDER BY subscriber_key LIMIT $1)
    UNION ALL
    (SELECT 3, 'removed', subscriber_key FROM stage_changed WHERE is_gone ORDER BY subscriber_key LIMIT $1)
)
SELECT e.change,
    coalesce(f.physical_id, f.iccid, n.physical_id, n.iccid) AS subscriber,
    coalesce(d.fields, '{}') AS fields, coalesce(d.olds, '{}') AS olds, coalesce(d.news, '{}') AS news
FROM example e
LEFT JOIN fleet.subscriber f ON f.subscriber_key = e.subscriber_key
LEFT JOIN stage_subscriber n ON n.subscriber_key = e.subscriber_key AND n.is_new
LEFT JOIN LATERAL (
    SELECT array_agg(field ORDER BY field) AS fields, array_agg(old ORDER BY field) AS olds, array_agg(new ORDER BY field) AS news
    FROM stage_difference
    WHERE subscriber_key = e.subscriber_key
) d ON true
ORDER BY e.rank, n.stage_row, e.subscriber_key
