INSERT INTO private.contact_identity (subscriber_key, ordinal, place, id_type, id_number)
SELECT n.subscriber_key, n.ordinal, n.place, n.id_type, n.id_number
FROM stage_contact_identity n
LEFT JOIN private.contact_identity o ON o.subscriber_key = n.subscriber_key AND o.ordinal = n.ordinal AND o.place = n.place
WHERE o.subscriber_key IS NULL
   OR (o.id_type, o.id_number) IS DISTINCT FROM (n.id_type, n.id_number)
ON CONFLICT (subscriber_key, ordinal, place) DO UPDATE
SET id_type = excluded.id_type,
    id_number = excluded.id_number
