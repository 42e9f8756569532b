-- $1 source. A record that was refused may be one of those that seem gone: where it
-- shares any readable part of its identity, absence is doubtful.
DELETE FROM stage_gone
WHERE subscriber_key IN (
    SELECT f.subscriber_key
    FROM stage_reject r
    JOIN fleet.subscriber f ON f.subscriber_id = r.subscriber_id
    WHERE r.is_whole
      AND f.source = $1
    UNION ALL
    SELECT f.subscriber_key
    FROM stage_reject r
    JOIN fleet.subscriber f ON f.iccid = r.iccid
    WHERE r.is_whole
      AND f.source = $1
)
