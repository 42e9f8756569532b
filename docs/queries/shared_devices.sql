-- Which devices have several live SIMs?
--
-- device   the first 14 digits of the IMEI: the device without its check digit
-- sims     how many live subscribers are registered with it
-- sources  where: one name, or several with commas
-- iccids   the ICCIDs, or IoT-X physicalIds
--
-- Watch out: a device with two SIM slots has an IMEI for each, so sharing one is a SIM that was
-- swapped without the old one being cancelled, a cloned IMEI, or a floLIVE SIM that a parent and a
-- child customer both list. Devices of which only an IMEISV is known are not looked at.
WITH ordered AS (
    SELECT s.imei, lag(s.imei) OVER (ORDER BY s.imei) AS previous FROM fleet.subscriber s WHERE s.imei IS NOT NULL
), shared AS (
    SELECT DISTINCT left(o.imei, 14) AS device FROM ordered o WHERE left(o.imei, 14) = left(o.previous, 14)
)
SELECT d.device, h.sims, h.sources, h.iccids
FROM shared d
CROSS JOIN LATERAL (
    SELECT count(*) AS sims, string_agg(DISTINCT s.source, ', ') AS sources, string_agg(DISTINCT coalesce(s.iccid, s.physical_id), ', ') AS iccids
    FROM fleet.subscriber s
    WHERE s.imei >= d.device
      AND s.imei <= d.device || '9'
      AND s.removed_at IS NULL
) h
WHERE h.sims > 1
ORDER BY h.sims DESC, d.device;
