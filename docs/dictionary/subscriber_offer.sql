-- Offers that end this year, and who has them.
SELECT o.name AS offer, o.expires_on, s.iccid
FROM fleet.subscriber_offer o
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.removed_at IS NULL
  AND o.expires_on <= '2026-12-31'
ORDER BY o.expires_on, offer, s.iccid;
