-- $1 run. The versions that are about to be superseded, whole.
INSERT INTO fleet.subscriber_history (
    subscriber_key, valid_from, valid_to, run_id, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, eui,
    status, provider_status, customer_id, nickname, parent_key, is_enabled_on_parent, flags, extra, removed_at,
    imsi_pairs, contract)
SELECT f.subscriber_key, f.changed_at, c.changed_at, $1, f.source, f.subscriber_id, f.physical_id, f.kind, f.iccid, f.eid, f.imei, f.imeisv, f.eui,
    f.status, f.provider_status, f.customer_id, f.nickname, f.parent_key, f.is_enabled_on_parent, f.flags, f.extra, f.removed_at,
    coalesce(p.pairs, '[]'), to_jsonb(k) - 'subscriber_key'
FROM stage_changed c
JOIN fleet.subscriber f ON f.subscriber_key = c.subscriber_key
LEFT JOIN fleet.contract k ON k.subscriber_key = c.subscriber_key
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal) AS pairs
    FROM fleet.subscriber_imsi i
    WHERE i.subscriber_key = c.subscriber_key
) p ON true
