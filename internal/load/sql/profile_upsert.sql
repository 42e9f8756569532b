-- $1 source. A profile found again on its EID is live again.
INSERT INTO fleet.esim_profile (
    source, eid, profile_id, name, is_active, subscriber_id, iccid, imei, imeisv, flags, extra, first_seen_at, fetched_at)
SELECT $1, eid, profile_id, name, is_active, subscriber_id, iccid, imei, imeisv, flags, extra, fetched_at, fetched_at
FROM stage_profile
ON CONFLICT (source, eid, profile_id) DO UPDATE
SET name = excluded.name,
    is_active = excluded.is_active,
    subscriber_id = excluded.subscriber_id,
    iccid = excluded.iccid,
    imei = excluded.imei,
    imeisv = excluded.imeisv,
    flags = excluded.flags,
    extra = excluded.extra,
    fetched_at = excluded.fetched_at,
    removed_at = NULL
