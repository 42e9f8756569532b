-- Which status became which in the last night
SELECT h.source, h.status AS was, s.status AS "is", count(*) AS sims
FROM fleet.subscriber_history h
JOIN fleet.subscriber s
    ON s.subscriber_key = h.subscriber_key AND s.changed_at = h.valid_to
WHERE h.status <> s.status
  AND h.removed_at IS NULL
GROUP BY h.source, h.status, s.status
ORDER BY sims DESC, h.source, was, "is"
LIMIT 5
