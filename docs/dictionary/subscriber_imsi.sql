-- Live subscribers with several IMSIs, and which of them is the active one.
SELECT s.iccid, i.ordinal, i.imsi, i.msisdn, i.is_last_active
FROM fleet.subscriber_imsi i
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.removed_at IS NULL
  AND EXISTS (SELECT FROM fleet.subscriber_imsi o WHERE o.subscriber_key = i.subscriber_key AND o.ordinal > 0)
ORDER BY s.iccid, i.ordinal;
