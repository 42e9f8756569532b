-- Unlike elsewhere no row is left alone: that it was told again, and when, is what
-- fetched_at says.
INSERT INTO fleet.subscriber_detail (
    subscriber_key, alias, tags, system_labels, user_labels, longitude, latitude, mcc, mnc, lac, cid,
    last_rat_type, last_rat_type_label, last_data_rat_type, last_data_rat_type_label, last_apn,
    is_in_data_session, last_data_session_at, last_ip, first_activated_at, custom_fields, flags, extra, fetched_at)
SELECT subscriber_key, alias, tags, system_labels, user_labels, longitude, latitude, mcc, mnc, lac, cid,
    last_rat_type, last_rat_type_label, last_data_rat_type, last_data_rat_type_label, last_apn,
    is_in_data_session, last_data_session_at, last_ip, first_activated_at, custom_fields, flags, extra, fetched_at
FROM stage_detail
ON CONFLICT (subscriber_key) DO UPDATE
SET alias = excluded.alias,
    tags = excluded.tags,
    system_labels = excluded.system_labels,
    user_labels = excluded.user_labels,
    longitude = excluded.longitude,
    latitude = excluded.latitude,
    mcc = excluded.mcc,
    mnc = excluded.mnc,
    lac = excluded.lac,
    cid = excluded.cid,
    last_rat_type = excluded.last_rat_type,
    last_rat_type_label = excluded.last_rat_type_label,
    last_data_rat_type = excluded.last_data_rat_type,
    last_data_rat_type_label = excluded.last_data_rat_type_label,
    last_apn = excluded.last_apn,
    is_in_data_session = excluded.is_in_data_session,
    last_data_session_at = excluded.last_data_session_at,
    last_ip = excluded.last_ip,
    first_activated_at = excluded.first_activated_at,
    custom_fields = excluded.custom_fields,
    flags = excluded.flags,
    extra = excluded.extra,
    fetched_at = excluded.fetched_at
