INSERT INTO fleet.contract (subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at,
    terminated_at, contract_months, is_active, is_barred, group_id, data_number, subscription_id, subscriber_type, smdp_provider)
SELECT n.subscriber_key, k.operator_code, k.operator_name, k.tariff_name, k.line_rental_minor, k.connected_at, k.expires_at,
    k.terminated_at, k.contract_months, k.is_active, k.is_barred, k.group_id, k.data_number, k.subscription_id, k.subscriber_type, k.smdp_provider
FROM stage_subscriber n
JOIN stage_contract k ON k.stage_row = n.stage_row
WHERE n.is_new
