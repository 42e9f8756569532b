-- Which SIM is this, by whatever identifier is at hand, and how is it now?
--
-- identifier: an ICCID, IMSI, MSISDN, IMEI, IMEISV or EID as it is at hand: spaces, dashes, + or
-- 00 and a filler F do not matter; an ICCID or IMEI may lack its check digit, an MSISDN has its
-- country code. A floLIVE subscriberId, an EUI and an IoT-X physicalId do as well.
--
-- found_as          which identifier it was found as
-- held_until        until when the SIM had that identifier; null where it has it still
-- source            the source's name
-- status            active, suspended, inactive, terminated or unknown
-- removed_at        when the provider no longer had the SIM; null while it has
-- iccid             null where the subscriber is not cellular
-- active_imsi       the IMSI last known as active; null where none is marked, or several are
-- active_msisdn     its phone number; null where it has none
-- imsis             all IMSIs, in the provider's order
-- imei              the device; null where none is registered
-- eid               the eUICC; null where the SIM is none, or the provider's list does not say
-- customer_name     null at IoT-X, and where none was told
-- operator_name     null at floLIVE
-- tariff_name       null at floLIVE
-- name              IoT-X nickname or floLIVE alias; null where it has neither
-- is_online         IoT-X, when last observed; null at floLIVE
-- data_usage_bytes  IoT-X, in the billing period so far; null at floLIVE
-- observed_at       when the two before were observed
-- first_seen_at     when a sync first found the SIM
-- changed_at        since when it is as it is
-- subscriber_key    our key
--
-- Watch out: several rows are normal. A SIM may have got its IMSI from another, parent and child
-- customer each list the same ICCID, and 15 digits may be an IMSI or an IMEI.
WITH given AS (SELECT '+44 7700 900001' AS identifier)
SELECT f.found_as, f.held_until, s.source, s.status, s.removed_at, s.iccid, i.imsi AS active_imsi, i.msisdn AS active_msisdn,
    (SELECT string_agg(a.imsi, ', ' ORDER BY a.ordinal) FROM fleet.subscriber_imsi a WHERE a.subscriber_key = s.subscriber_key) AS imsis,
    s.imei, s.eid, c.name AS customer_name, k.operator_name, k.tariff_name, coalesce(s.nickname, d.alias) AS name,
    n.is_online, n.data_usage_bytes, n.observed_at, s.first_seen_at, s.changed_at, s.subscriber_key
FROM given g
CROSS JOIN LATERAL fleet.find(g.identifier) f
JOIN fleet.subscriber s ON s.subscriber_key = f.subscriber_key
LEFT JOIN fleet.subscriber_imsi i ON i.subscriber_key = s.subscriber_key AND i.is_last_active
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
LEFT JOIN fleet.contract k ON k.subscriber_key = s.subscriber_key
LEFT JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key
LEFT JOIN fleet.subscriber_detail d ON d.subscriber_key = s.subscriber_key
ORDER BY f.held_until DESC NULLS FIRST, s.removed_at DESC NULLS FIRST, f.found_as, s.subscriber_key;
