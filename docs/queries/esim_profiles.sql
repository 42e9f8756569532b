-- Which profiles are on each eSIM, and which of them is enabled?
--
-- eid               the eUICC
-- source            where the profile is told of
-- profile           its name at floLIVE, or its IoT-X nickname; null where it has none
-- iccid             the profile's ICCID
-- is_enabled        whether it is the one now enabled; null where not told
-- enabled_profiles  how many profiles of the EID are enabled in that source: 1 is as it should be
-- status            the status of the profile's SIM; null where no list holds it
-- seen_at           when it was last told of at floLIVE, or since when it is so at IoT-X
--
-- Watch out: floLIVE is asked only about EIDs named in the settings (profiles). An IoT-X profile whose
-- parent was never listed has the EID that it names itself. Profiles that left are not here.
WITH profile AS (
    SELECT p.eid, p.source, p.name AS profile, p.iccid, p.is_active AS is_enabled, s.status, p.fetched_at AS seen_at
    FROM fleet.esim_profile p
    LEFT JOIN fleet.subscriber s ON s.subscriber_id = p.subscriber_id AND s.iccid = p.iccid AND s.source = p.source
        AND s.physical_id IS NULL AND s.removed_at IS NULL
    WHERE p.removed_at IS NULL
    UNION ALL
    SELECT coalesce(e.eid, s.eid), s.source, s.nickname, s.iccid, s.is_enabled_on_parent, s.status, s.changed_at
    FROM fleet.subscriber s
    LEFT JOIN fleet.subscriber e ON e.subscriber_key = s.parent_key
    WHERE s.removed_at IS NULL
      AND (s.parent_key IS NOT NULL OR s.is_enabled_on_parent IS NOT NULL)
)
SELECT p.eid, p.source, p.profile, p.iccid, p.is_enabled, count(*) FILTER (WHERE p.is_enabled) OVER (PARTITION BY p.eid, p.source) AS enabled_profiles,
    p.status, p.seen_at
FROM profile p
ORDER BY p.eid, p.source, p.is_enabled DESC NULLS LAST, p.iccid;
