-- $1 source, $2 the time of the promote.
INSERT INTO fleet.subscriber (
    subscriber_key, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, eui, status, provider_status,
    customer_id, nickname, parent_key, is_enabled_on_parent, flags, extra, first_seen_at, changed_at, content_hash)
SELECT n.subscriber_key, $1, n.subscriber_id, n.physical_id, n.kind, n.iccid, n.eid, n.imei, n.imeisv, n.eui, n.status, n.provider_status,
    n.customer_id, n.nickname, l.parent_key, l.is_enabled, n.flags, n.extra, $2, $2, n.content_hash
FROM stage_subscriber n
LEFT JOIN stage_link l ON l.subscriber_key = n.subscriber_key
WHERE n.is_new
