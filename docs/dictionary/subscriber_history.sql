-- Which status became which in a night: a superseded version beside the one in force.
SELECT h.source, h.status AS was, s.status AS now, count(*) AS sims
FROM fleet.subscriber_history h
JOIN fleet.subscriber s ON s.subscriber_key = h.subscriber_key AND s.changed_at = h.valid_to
WHERE h.valid_to >= '2026-11-03' AND h.valid_to < '2026-11-04'
  AND h.status <> s.status
GROUP BY h.source, h.status, s.status
ORDER BY sims DESC, was, now;
