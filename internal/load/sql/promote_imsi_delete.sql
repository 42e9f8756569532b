DELETE FROM fleet.subscriber_imsi f
USING stage_subscriber n
WHERE n.subscriber_key = f.subscriber_key
  AND NOT n.is_new
  AND NOT EXISTS (SELECT FROM stage_imsi i WHERE i.stage_row = n.stage_row AND i.ordinal = f.ordinal)
