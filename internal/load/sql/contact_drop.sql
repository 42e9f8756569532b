-- $1 source. The identities go with their contacts.
DELETE FROM private.contact c
USING fleet.subscriber s
WHERE s.subscriber_key = c.subscriber_key
  AND s.source = $1
