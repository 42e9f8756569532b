-- $1 source, and of equal length: $2 ICCIDs, $3 subscriberIds. The subscribers named.
SELECT n.place, s.subscriber_key, s.subscriber_id
FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS n (iccid, subscriber_id, place)
JOIN fleet.subscriber s ON s.source = $1 AND s.iccid = n.iccid AND s.subscriber_id = n.subscriber_id AND s.physical_id IS NULL
ORDER BY n.place
