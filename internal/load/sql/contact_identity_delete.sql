DELETE FROM private.contact_identity f
USING stage_detail d
WHERE d.subscriber_key = f.subscriber_key
  AND NOT EXISTS (
    SELECT FROM stage_contact_identity i
    WHERE i.subscriber_key = f.subscriber_key AND i.ordinal = f.ordinal AND i.place = f.place)
