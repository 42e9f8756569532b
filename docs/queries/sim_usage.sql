-- How much did a SIM use each day of the last 60 days, by whatever identifier is at hand?
--
-- identifier: an ICCID, IMSI, MSISDN, IMEI, IMEISV or EID as it is at hand: spaces, dashes, + or
-- 00 and a filler F do not matter; an ICCID or IMEI may lack its check digit, an MSISDN has its
-- country code. A floLIVE subscriberId, an EUI and an IoT-X physicalId do as well.
--
-- day               the UTC day of the observation; the newest first
-- source            the source's name
-- iccid             the SIM; null where the subscriber is not cellular
-- used_bytes        bytes used since the observation before; null for the first one ever
-- used_days         over how many days: 1, or more where days before have no observation; null for
--                   the first one ever
-- is_reset          whether a billing period began since the observation before
-- data_usage_bytes  the counter of the billing period as observed
-- subscriber_key    our key
--
-- Watch out: IoT-X only. At a reset, what was used between the last observation and the end of
-- the billing period is in no figure.
WITH given AS NOT MATERIALIZED (SELECT '+44 7700 900001' AS identifier, 60 AS days), sim AS MATERIALIZED (
    SELECT DISTINCT s.subscriber_key, s.source, s.iccid
    FROM given g
    CROSS JOIN LATERAL fleet.find(g.identifier) f
    JOIN fleet.subscriber s ON s.subscriber_key = f.subscriber_key
)
SELECT u.day, s.source, s.iccid, u.used_bytes, u.day - u.previous_day AS used_days, u.is_reset, u.data_usage_bytes, s.subscriber_key
FROM given g
JOIN fleet.daily_usage u ON u.subscriber_key = ANY (ARRAY(SELECT i.subscriber_key FROM sim i)) AND u.day > (now() AT TIME ZONE 'UTC')::date - g.days
JOIN sim s ON s.subscriber_key = u.subscriber_key
ORDER BY s.subscriber_key, u.day DESC;
