-- $1 source, $2 what was asked before is stale, $3 how many requests at most, $4 the
-- sources whose live subscribers' EIDs are asked for. One request a row. First EIDs
-- never asked for, then those on which something changed since, then the stale; the
-- longest not asked for first.
INSERT INTO queue_profile (place, eid)
SELECT row_number() OVER (ORDER BY urgency, asked_at NULLS FIRST, eid), eid
FROM (
    SELECT e.eid, r.asked_at,
        CASE WHEN r.asked_at IS NULL THEN 1 WHEN e.changed_at > r.asked_at THEN 2 ELSE 3 END AS urgency
    FROM (
        SELECT eid, max(changed_at) AS changed_at
        FROM (
            SELECT eid, NULL::timestamptz AS changed_at
            FROM stage_eid
            UNION ALL
            SELECT s.eid, s.changed_at
            FROM fleet.subscriber s
            WHERE s.source = ANY ($4)
              AND s.eid IS NOT NULL
              AND s.removed_at IS NULL
        ) named
        GROUP BY eid
    ) e
    LEFT JOIN sync.profile_request r ON r.source = $1 AND r.eid = e.eid
    WHERE r.asked_at IS NULL OR e.changed_at > r.asked_at OR r.asked_at <= $2
    ORDER BY urgency, r.asked_at NULLS FIRST, e.eid
    LIMIT $3
) due
