-- $1 how many tariffs to name. The smaller ones after them are one row.
WITH counted AS (
    SELECT s.source, NULL::text AS id, k.tariff_name AS name,
        count(*) FILTER (WHERE s.status = 'active') AS active,
        count(*) FILTER (WHERE s.status = 'suspended') AS suspended,
        count(*) FILTER (WHERE s.status = 'inactive') AS inactive,
        count(*) FILTER (WHERE s.status = 'terminated') AS terminated,
        count(*) FILTER (WHERE s.status = 'unknown') AS unknown
    FROM fleet.contract k
    JOIN fleet.subscriber s USING (subscriber_key)
    WHERE s.removed_at IS NULL
    GROUP BY s.source, k.tariff_name
), ranked AS (
    SELECT *, row_number() OVER (ORDER BY active + suspended + inactive + terminated + unknown DESC, source, name, id) AS place
    FROM counted
)
SELECT CASE WHEN min(place) <= $1 THEN min(source) ELSE '' END AS source,
    CASE WHEN min(place) <= $1 THEN min(id) END AS id,
    CASE WHEN min(place) <= $1 THEN min(name) END AS name,
    count(*) AS groups,
    sum(active)::bigint AS active, sum(suspended)::bigint AS suspended, sum(inactive)::bigint AS inactive,
    sum(terminated)::bigint AS terminated, sum(unknown)::bigint AS unknown
FROM ranked
GROUP BY least(place, $1 + 1)
ORDER BY min(place)
