-- A subscriber found again is live again.
UPDATE fleet.subscriber f
SET subscriber_id = n.subscriber_id,
    physical_id = n.physical_id,
    kind = n.kind,
    iccid = n.iccid,
    eid = n.eid,
    imei = n.imei,
    imeisv = n.imeisv,
    eui = n.eui,
    status = n.status,
    provider_status = n.provider_status,
    customer_id = n.customer_id,
    nickname = n.nickname,
    flags = n.flags,
    extra = n.extra,
    changed_at = c.changed_at,
    removed_at = NULL,
    content_hash = n.content_hash
FROM stage_subscriber n
JOIN stage_changed c ON c.subscriber_key = n.subscriber_key
WHERE f.subscriber_key = n.subscriber_key
  AND NOT n.is_new
