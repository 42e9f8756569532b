-- Which SIMs have a flag?
--
-- source           the source's name
-- iccid            the SIM; null where the subscriber is not cellular
-- flags            all its flags, with commas
-- subscriber_id    the provider's subscriberId; null where it gave none
-- physical_id      IoT-X physicalId; null at floLIVE
-- imei             the device; null where none is registered, or it was refused
-- status           active, suspended, inactive, terminated or unknown
-- provider_status  the provider's own word; null at IoT-X
-- changed_at       since when the row is as it is
-- subscriber_key   our key
--
-- Watch out: a flag is no error. The value is there and odd, or was refused and its column is null:
-- docs/flags.md tells which. Flags of details are in fleet.subscriber_detail.
WITH given AS (SELECT 'many_active' AS flag)
SELECT s.source, s.iccid, array_to_string(s.flags, ', ') AS flags, s.subscriber_id, s.physical_id, s.imei, s.status, s.provider_status,
    s.changed_at, s.subscriber_key
FROM given g
JOIN fleet.subscriber s ON g.flag = ANY (s.flags)
WHERE s.removed_at IS NULL
ORDER BY s.source, s.iccid, s.subscriber_key;
