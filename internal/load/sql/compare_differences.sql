-- The fields in which the versions to come differ from those in force, worded as
-- fleet.change will show them. What the stage does not speak of stays as it is.
INSERT INTO stage_difference (subscriber_key, field, old, new)
SELECT c.subscriber_key, d.field, d.old, d.new
FROM stage_changed c
JOIN fleet.subscriber f ON f.subscriber_key = c.subscriber_key
LEFT JOIN fleet.contract k ON k.subscriber_key = c.subscriber_key
LEFT JOIN stage_subscriber n ON n.subscriber_key = c.subscriber_key
LEFT JOIN stage_contract t ON t.stage_row = n.stage_row AND k.subscriber_key IS NOT NULL
LEFT JOIN stage_link l ON l.subscriber_key = c.subscriber_key
LEFT JOIN (
    SELECT i.stage_row, jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal) AS pairs
    FROM stage_imsi i
    JOIN stage_subscriber s ON s.stage_row = i.stage_row AND NOT s.is_new
    GROUP BY i.stage_row
) np ON np.stage_row = n.stage_row
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal) AS pairs
    FROM fleet.subscriber_imsi i
    WHERE i.subscriber_key = c.subscriber_key
) fp ON true
CROSS JOIN LATERAL (VALUES
    ('subscriber_id', f.subscriber_id, n.subscriber_id, n.stage_row IS NOT NULL),
    ('physical_id', f.physical_id, n.physical_id, n.stage_row IS NOT NULL),
    ('kind', f.kind, n.kind, n.stage_row IS NOT NULL),
    ('iccid', f.iccid, n.iccid, n.stage_row IS NOT NULL),
    ('eid', f.eid, n.eid, n.stage_row IS NOT NULL),
    ('imei', f.imei, n.imei, n.stage_row IS NOT NULL),
    ('imeisv', f.imeisv, n.imeisv, n.stage_row IS NOT NULL),
    ('eui', f.eui, n.eui, n.stage_row IS NOT NULL),
    ('status', f.status, n.status, n.stage_row IS NOT NULL),
    ('provider_status', f.provider_status, n.provider_status, n.stage_row IS NOT NULL),
    ('customer_id', f.customer_id::text, n.customer_id::text, n.stage_row IS NOT NULL),
    ('nickname', f.nickname, n.nickname, n.stage_row IS NOT NULL),
    ('flags', f.flags::text, n.flags::text, n.stage_row IS NOT NULL),
    ('extra', f.extra::text, n.extra::text, n.stage_row IS NOT NULL),
    ('imsi_pairs', coalesce(fp.pairs, '[]')::text, coalesce(np.pairs, '[]')::text, n.stage_row IS NOT NULL),
    ('removed_at', f.removed_at::text, CASE WHEN c.is_gone THEN c.changed_at::text END, c.is_gone OR n.stage_row IS NOT NULL),
    ('parent_key', f.parent_key::text, l.parent_key::text, l.subscriber_key IS NOT NULL),
    ('is_enabled_on_parent', f.is_enabled_on_parent::text, l.is_enabled::text, l.subscriber_key IS NOT NULL),
    ('operator_code', k.operator_code, t.operator_code, t.stage_row IS NOT NULL),
    ('operator_name', k.operator_name, t.operator_name, t.stage_row IS NOT NULL),
    ('tariff_name', k.tariff_name, t.tariff_name, t.stage_row IS NOT NULL),
    ('line_rental_minor', k.line_rental_minor::text, t.line_rental_minor::text, t.stage_row IS NOT NULL),
    ('connected_at', k.connected_at::text, t.connected_at::text, t.stage_row IS NOT NULL),
    ('expires_at', k.expires_at::text, t.expires_at::text, t.stage_row IS NOT NULL),
    ('terminated_at', k.terminated_at::text, t.terminated_at::text, t.stage_row IS NOT NULL),
    ('contract_months', k.contract_months::text, t.contract_months::text, t.stage_row IS NOT NULL),
    ('is_active', k.is_active::text, t.is_active::text, t.stage_row IS NOT NULL),
    ('is_barred', k.is_barred::text, t.is_barred::text, t.stage_row IS NOT NULL),
    ('group_id', k.group_id::text, t.group_id::text, t.stage_row IS NOT NULL),
    ('data_number', k.data_number, t.data_number, t.stage_row IS NOT NULL),
    ('subscription_id', k.subscription_id, t.subscription_id, t.stage_row IS NOT NULL),
    ('subscriber_type', k.subscriber_type, t.subscriber_type, t.stage_row IS NOT NULL),
    ('smdp_provider', k.smdp_provider, t.smdp_provider, t.stage_row IS NOT NULL)
) d (field, old, new, is_told)
WHERE d.is_told
  AND d.old IS DISTINCT FROM d.new
