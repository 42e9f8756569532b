-- Of several rows of one subscriber the last one staged wins.
DELETE FROM stage_subscriber s
USING stage_subscriber later
WHERE later.subscriber_key = s.subscriber_key
  AND later.stage_row > s.stage_row
