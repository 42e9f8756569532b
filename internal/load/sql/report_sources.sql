-- The live subscribers of each source.
SELECT s.source,
    count(*) FILTER (WHERE s.status = 'active') AS active,
    count(*) FILTER (WHERE s.status = 'suspended') AS suspended,
    count(*) FILTER (WHERE s.status = 'inactive') AS inactive,
    count(*) FILTER (WHERE s.status = 'terminated') AS terminated,
    count(*) FILTER (WHERE s.status = 'unknown') AS unknown,
    count(*) FILTER (WHERE s.flags <> '{}') AS flagged,
    count(n.is_online) AS observed,
    count(*) FILTER (WHERE n.is_online) AS online
FROM fleet.subscriber s
LEFT JOIN fleet.network_state n USING (subscriber_key)
WHERE s.removed_at IS NULL
GROUP BY s.source
ORDER BY s.source
