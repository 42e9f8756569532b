INSERT INTO private.contact AS f (
    subscriber_key, ordinal, contact_id, email_address, type, role, salutation, first_name, middle_name, last_name, gender, birthdate,
    landline_phone, mobile_phone, additional_phone, picture, remarks, extra)
SELECT n.subscriber_key, n.ordinal, n.contact_id, n.email_address, n.type, n.role, n.salutation, n.first_name, n.middle_name, n.last_name,
    n.gender, n.birthdate, n.landline_phone, n.mobile_phone, n.additional_phone, n.picture, n.remarks, n.extra
FROM stage_contact n
LEFT JOIN private.contact o ON o.subscriber_key = n.subscriber_key AND o.ordinal = n.ordinal
WHERE o IS DISTINCT FROM n
ON CONFLICT (subscriber_key, ordinal) DO UPDATE
SET contact_id = excluded.contact_id,
    email_address = excluded.email_address,
    type = excluded.type,
    role = excluded.role,
    salutation = excluded.salutation,
    first_name = excluded.first_name,
    middle_name = excluded.middle_name,
    last_name = excluded.last_name,
    gender = excluded.gender,
    birthdate = excluded.birthdate,
    landline_phone = excluded.landline_phone,
    mobile_phone = excluded.mobile_phone,
    additional_phone = excluded.additional_phone,
    picture = excluded.picture,
    remarks = excluded.remarks,
    extra = excluded.extra
