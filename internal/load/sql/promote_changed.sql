-- $1 source, $2 the time of the promote, $3 whether the walks were complete. A
-- link that no complete walk mentions is a link no more. The time grows for each
-- subscriber even where a clock went back.
INSERT INTO stage_changed (subscriber_key, changed_at, is_gone)
SELECT f.subscriber_key, greatest($2, f.changed_at + interval '1 microsecond'), g.subscriber_key IS NOT NULL
FROM fleet.subscriber f
LEFT JOIN stage_gone g ON g.subscriber_key = f.subscriber_key
WHERE f.subscriber_key IN (
    SELECT subscriber_key FROM stage_subscriber WHERE NOT is_new
    UNION
    SELECT subscriber_key FROM stage_gone
    UNION
    SELECT l.subscriber_key
    FROM stage_link l
    JOIN fleet.subscriber s ON s.subscriber_key = l.subscriber_key
    WHERE (s.parent_key, s.is_enabled_on_parent) IS DISTINCT FROM (l.parent_key, l.is_enabled)
    UNION
    SELECT s.subscriber_key
    FROM fleet.subscriber s
    WHERE $3
      AND s.source = $1
      AND s.removed_at IS NULL
      AND s.parent_key IS NOT NULL
      AND NOT EXISTS (SELECT FROM stage_link l WHERE l.subscriber_key = s.subscriber_key)
)
