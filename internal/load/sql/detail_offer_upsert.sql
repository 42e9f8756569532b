-- An offer that is as it was is left alone: even an update that changes nothing writes.
INSERT INTO fleet.subscriber_offer AS f (
    subscriber_key, ordinal, offer_id, name, description, attached_at, renews_on, expires_on, priority, linked_offer_ids)
SELECT n.subscriber_key, n.ordinal, n.offer_id, n.name, n.description, n.attached_at, n.renews_on, n.expires_on, n.priority, n.linked_offer_ids
FROM stage_offer n
LEFT JOIN fleet.subscriber_offer o ON o.subscriber_key = n.subscriber_key AND o.ordinal = n.ordinal
WHERE o.subscriber_key IS NULL
   OR (o.offer_id, o.name, o.description, o.attached_at, o.renews_on, o.expires_on, o.priority, o.linked_offer_ids)
      IS DISTINCT FROM
      (n.offer_id, n.name, n.description, n.attached_at, n.renews_on, n.expires_on, n.priority, n.linked_offer_ids)
ON CONFLICT (subscriber_key, ordinal) DO UPDATE
SET offer_id = excluded.offer_id,
    name = excluded.name,
    description = excluded.description,
    attached_at = excluded.attached_at,
    renews_on = excluded.renews_on,
    expires_on = excluded.expires_on,
    priority = excluded.priority,
    linked_offer_ids = excluded.linked_offer_ids
