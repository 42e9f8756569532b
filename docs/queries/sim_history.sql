-- What was a SIM like over time, by whatever identifier is at hand?
--
-- identifier: an ICCID, IMSI, MSISDN, IMEI, IMEISV or EID as it is at hand: spaces, dashes, + or
-- 00 and a filler F do not matter; an ICCID or IMEI may lack its check digit, an MSISDN has its
-- country code. A floLIVE subscriberId, an EUI and an IoT-X physicalId do as well.
--
-- since           since when it was so: when a sync found it
-- until           until when; null for the version in force
-- is_live         false where the provider did not have the SIM then
-- source          the source's name
-- status          the status then
-- iccid           null where the subscriber is not cellular
-- imsis           the IMSIs then, the one last known as active with a star
-- msisdns         the phone numbers then; null where it had none
-- imei            the device then; null where none was registered
-- customer_name   the customer then, by its name today; null at IoT-X, and where none was told
-- operator_name   the operator then; null at floLIVE
-- tariff_name     the tariff then; null at floLIVE
-- nickname        the IoT-X nickname then; null at floLIVE, whose aliases have no history
-- subscriber_key  our key: versions of one SIM have the same
--
-- Watch out: usage, network state and details make no version. sim_changes.sql tells which
-- fields changed from one version to the next.
WITH given AS (SELECT '+44 7700 900001' AS identifier)
SELECT v.changed_at AS since, v.superseded_at AS until, v.removed_at IS NULL AS is_live, v.source, v.status, v.iccid, p.imsis, p.msisdns, v.imei,
    c.name AS customer_name, v.contract ->> 'operator_name' AS operator_name, v.contract ->> 'tariff_name' AS tariff_name, v.nickname, v.subscriber_key
FROM fleet.subscriber_version v
LEFT JOIN fleet.customer c ON c.source = v.source AND c.customer_id = v.customer_id
CROSS JOIN LATERAL (
    SELECT string_agg(concat(x.imsi, CASE WHEN x.is_last_active THEN '*' END), ', ') AS imsis, string_agg(x.msisdn, ', ') AS msisdns
    FROM jsonb_to_recordset(v.imsi_pairs) x (imsi text, msisdn text, is_last_active boolean)
) p
WHERE v.subscriber_key = ANY (ARRAY(SELECT f.subscriber_key FROM given g CROSS JOIN LATERAL fleet.find(g.identifier) f))
ORDER BY v.subscriber_key, v.changed_at;
