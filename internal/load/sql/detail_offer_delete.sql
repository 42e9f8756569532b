DELETE FROM fleet.subscriber_offer f
USING stage_detail d
WHERE d.subscriber_key = f.subscriber_key
  AND NOT EXISTS (SELECT FROM stage_offer o WHERE o.subscriber_key = f.subscriber_key AND o.ordinal = f.ordinal)
