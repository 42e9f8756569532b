-- Which ICCIDs do several live SIMs have, within a source or across sources?
--
-- iccid        the ICCID
-- sims         how many live subscribers have it
-- sources      where: one name, or several with commas
-- customers    the names of their customers; null where none is told (IoT-X)
-- statuses     their statuses
--
-- Watch out: at floLIVE a parent and a child customer may each list a SIM of their own with the
-- same ICCID, so two customers are no fault. A SIM in two sources is counted twice in all totals.
WITH repeated AS (
    SELECT s.iccid FROM fleet.subscriber s WHERE s.iccid IS NOT NULL GROUP BY s.iccid HAVING count(*) > 1
)
SELECT r.iccid, h.sims, h.sources, h.customers, h.statuses
FROM repeated r
CROSS JOIN LATERAL (
    SELECT count(*) AS sims, string_agg(DISTINCT s.source, ', ') AS sources, string_agg(DISTINCT c.name, ', ') AS customers,
        string_agg(DISTINCT s.status, ', ') AS statuses
    FROM fleet.subscriber s
    LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
    WHERE s.iccid = r.iccid
      AND s.removed_at IS NULL
) h
WHERE h.sims > 1
ORDER BY h.sources LIKE '%,%' DESC, h.sims DESC, r.iccid;
