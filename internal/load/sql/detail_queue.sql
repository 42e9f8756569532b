-- $1 source, $2 what was asked before is stale, $3 how many requests at most. One
-- request a row: an ICCID, with those of its subscribers that are due. First those
-- never asked for, then those that changed since, then the stale; the longest not
-- asked for first.
INSERT INTO queue_detail (place, iccid, subscriber_keys, subscriber_ids)
SELECT row_number() OVER (ORDER BY urgency, asked_at NULLS FIRST, subscriber_key), iccid, subscriber_keys, subscriber_ids
FROM (
    SELECT iccid, min(urgency) AS urgency, min(asked_at) AS asked_at, min(subscriber_key) AS subscriber_key,
        array_agg(subscriber_key ORDER BY subscriber_key) AS subscriber_keys, array_agg(subscriber_id ORDER BY subscriber_key) AS subscriber_ids
    FROM (
        SELECT s.iccid, s.subscriber_key, s.subscriber_id, r.asked_at,
            CASE WHEN r.asked_at IS NULL THEN 1 WHEN s.changed_at > r.asked_at THEN 2 ELSE 3 END AS urgency
        FROM fleet.subscriber s
        LEFT JOIN sync.detail_request r ON r.subscriber_key = s.subscriber_key
        WHERE s.source = $1
          AND s.removed_at IS NULL
          AND s.physical_id IS NULL
          AND (r.asked_at IS NULL OR s.changed_at > r.asked_at OR r.asked_at <= $2)
    ) due
    GROUP BY iccid
    ORDER BY min(urgency), min(asked_at) NULLS FIRST, min(subscriber_key)
    LIMIT $3
) first
