-- The identities go with their contacts.
DELETE FROM private.contact f
USING stage_detail d
WHERE d.subscriber_key = f.subscriber_key
  AND NOT EXISTS (SELECT FROM stage_contact c WHERE c.subscriber_key = f.subscriber_key AND c.ordinal = f.ordinal)
