-- What changed on a SIM, field by field, by whatever identifier is at hand?
--
-- identifier: an ICCID, IMSI, MSISDN, IMEI, IMEISV or EID as it is at hand: spaces, dashes, + or
-- 00 and a filler F do not matter; an ICCID or IMEI may lack its check digit, an MSISDN has its
-- country code. A floLIVE subscriberId, an EUI and an IoT-X physicalId do as well.
--
-- changed_at      when a sync found the change
-- source          the source's name
-- iccid           the SIM after the change; null where the subscriber is not cellular
-- field           the column of fleet.subscriber or fleet.contract, or imsi_pairs
-- old             the value before, as text; null where there was none
-- new             the value after, as text; null where there is none
-- subscriber_key  our key
--
-- Watch out: a removal and a return are changes of removed_at. The times in old and new are in
-- the time zone of the session.
WITH given AS (SELECT '+44 7700 900001' AS identifier)
SELECT e.changed_at, e.source, e.iccid, e.field, e.old, e.new, e.subscriber_key
FROM fleet.change e
WHERE e.subscriber_key = ANY (ARRAY(SELECT f.subscriber_key FROM given g CROSS JOIN LATERAL fleet.find(g.identifier) f))
ORDER BY e.subscriber_key, e.changed_at, e.field;
