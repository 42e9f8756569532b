-- Which IMSIs do several live SIMs hold, within a source or across sources?
--
-- imsi       the IMSI
-- sims       how many live subscribers hold it
-- iccids     how many different ICCIDs these have
-- customers  how many different customers these have; 0 where none is told (IoT-X)
-- sources    where: one name, or several with commas
-- held_by    the ICCIDs, or IoT-X physicalIds
--
-- Watch out: at floLIVE a parent and a child customer may each list a SIM of their own with the
-- same ICCID and IMSI: then sims is 2 and iccids 1, and nothing is wrong.
WITH repeated AS (
    SELECT i.imsi FROM fleet.subscriber_imsi i GROUP BY i.imsi HAVING count(*) > 1
)
SELECT r.imsi, h.sims, h.iccids, h.customers, h.sources, h.held_by
FROM repeated r
CROSS JOIN LATERAL (
    SELECT count(DISTINCT s.subscriber_key) AS sims, count(DISTINCT s.iccid) AS iccids, count(DISTINCT s.customer_id) AS customers,
        string_agg(DISTINCT s.source, ', ') AS sources, string_agg(DISTINCT coalesce(s.iccid, s.physical_id), ', ') AS held_by
    FROM fleet.subscriber_imsi i
    JOIN fleet.subscriber s ON s.subscriber_key = i.subscriber_key
    WHERE i.imsi = r.imsi
      AND s.removed_at IS NULL
) h
WHERE h.sims > 1
ORDER BY h.sources LIKE '%,%' DESC, h.sims DESC, r.imsi;
