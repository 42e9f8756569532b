-- $1 source, $2 listings walked now. Listings of the last run that was ok and are
-- walked no more: their subscribers are absent for want of asking.
SELECT w.listing
FROM sync.walk w
WHERE w.source = $1
  AND w.run_id = (SELECT r.run_id FROM sync.run r WHERE r.source = $1 AND r.outcome = 'ok' AND r.records IS NOT NULL ORDER BY r.started_at DESC LIMIT 1)
  AND w.listing <> ALL ($2)
ORDER BY w.listing
