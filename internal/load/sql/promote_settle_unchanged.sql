-- The row that won may say what is known already.
DELETE FROM stage_subscriber s
USING fleet.subscriber f
WHERE f.subscriber_key = s.subscriber_key
  AND f.content_hash = s.content_hash
  AND f.removed_at IS NULL
