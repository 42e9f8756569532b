-- $1 the time of the promote. It grows for each subscriber even where a clock went
-- back.
INSERT INTO stage_changed (subscriber_key, changed_at, is_gone)
SELECT f.subscriber_key, greatest($1, f.changed_at + interval '1 microsecond'), g.subscriber_key IS NOT NULL
FROM (
    SELECT subscriber_key FROM stage_subscriber WHERE NOT is_new
    UNION
    SELECT subscriber_key FROM stage_gone
    UNION
    SELECT l.subscriber_key
    FROM stage_link l
    JOIN fleet.subscriber s ON s.subscriber_key = l.subscriber_key
    WHERE (s.parent_key, s.is_enabled_on_parent) IS DISTINCT FROM (l.parent_key, l.is_enabled)
) c
JOIN fleet.subscriber f ON f.subscriber_key = c.subscriber_key
LEFT JOIN stage_gone g ON g.subscriber_key = f.subscriber_key
