UPDATE fleet.contract f
SET operator_code = k.operator_code,
    operator_name = k.operator_name,
    tariff_name = k.tariff_name,
    line_rental_minor = k.line_rental_minor,
    connected_at = k.connected_at,
    expires_at = k.expires_at,
    terminated_at = k.terminated_at,
    contract_months = k.contract_months,
    is_active = k.is_active,
    is_barred = k.is_barred,
    group_id = k.group_id,
    data_number = k.data_number,
    subscription_id = k.subscription_id,
    subscriber_type = k.subscriber_type,
    smdp_provider = k.smdp_provider
FROM stage_subscriber n
JOIN stage_contract k ON k.stage_row = n.stage_row
WHERE f.subscriber_key = n.subscriber_key
  AND NOT n.is_new
  AND (f.operator_code, f.operator_name, f.tariff_name, f.line_rental_minor, f.connected_at, f.expires_at, f.terminated_at,
       f.contract_months, f.is_active, f.is_barred, f.group_id, f.data_number, f.subscription_id, f.subscriber_type, f.smdp_provider)
      IS DISTINCT FROM
      (k.operator_code, k.operator_name, k.tariff_name, k.line_rental_minor, k.connected_at, k.expires_at, k.terminated_at,
       k.contract_months, k.is_active, k.is_barred, k.group_id, k.data_number, k.subscription_id, k.subscriber_type, k.smdp_provider)
