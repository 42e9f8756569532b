-- The live subscribers of each source. A flag is on the subscriber's row, on its details,
-- or on the eSIM profile that makes it: that of its subscriberId and ICCID, or of the one of
-- them that the profile tells.
WITH beside AS (
    SELECT d.subscriber_key
    FROM fleet.subscriber_detail d
    WHERE d.flags <> '{}'
    UNION
    SELECT s.subscriber_key
    FROM fleet.esim_profile p
    JOIN fleet.subscriber s ON s.source = p.source AND s.subscriber_id = p.subscriber_id AND s.iccid = coalesce(p.iccid, s.iccid)
    WHERE p.removed_at IS NULL AND p.flags <> '{}'
    UNION
    SELECT s.subscriber_key
    FROM fleet.esim_profile p
    JOIN fleet.subscriber s ON s.source = p.source AND s.iccid = p.iccid
    WHERE p.removed_at IS NULL AND p.flags <> '{}' AND p.subscriber_id IS NULL
)
SELECT s.source,
    count(*) FILTER (WHERE s.status = 'active') AS active,
    count(*) FILTER (WHERE s.status = 'suspended') AS suspended,
    count(*) FILTER (WHERE s.status = 'inactive') AS inactive,
    count(*) FILTER (WHERE s.status = 'terminated') AS terminated,
    count(*) FILTER (WHERE s.status = 'unknown') AS unknown,
    count(*) FILTER (WHERE s.flags <> '{}' OR b.subscriber_key IS NOT NULL) AS flagged,
    count(n.is_online) AS observed,
    count(*) FILTER (WHERE n.is_online) AS online
FROM fleet.subscriber s
LEFT JOIN fleet.network_state n USING (subscriber_key)
LEFT JOIN beside b USING (subscriber_key)
WHERE s.removed_at IS NULL
GROUP BY s.source
ORDER BY s.source
