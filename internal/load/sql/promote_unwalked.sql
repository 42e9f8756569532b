-- $1 source, $2 listings walked now. Listings of the last run over the whole source that
-- was complete, which are walked no more: their subscribers are absent for want of asking. The
-- walk over all details is no listing of subscribers.
SELECT w.listing
FROM sync.walk w
WHERE w.source = $1
  AND w.run_id = (
    SELECT r.run_id FROM sync.run r
    WHERE r.source = $1 AND coalesce(r.load_outcome, r.outcome) = 'ok' AND r.records IS NOT NULL AND r.connected_since IS NULL AND r.connected_until IS NULL
    ORDER BY r.started_at DESC
    LIMIT 1
  )
  AND w.listing <> 'details'
  AND w.listing <> ALL ($2)
ORDER BY w.listing
