-- What rent is paid, by operator and tariff, and how much of it for SIMs that are not active?
--
-- source               the source's name
-- operator_name        the operator
-- tariff_name          the tariff
-- sims                 live SIMs that are not terminated
-- rent_minor           the sum of their recurring fees, in the smallest unit of the tariff's currency
-- inactive_sims        those of them that are suspended, inactive or of an unknown status
-- inactive_rent_minor  the rent of these
-- ending_rent_minor    the rent of all whose contracts end in the next 90 days
-- without_rent         SIMs whose fee is not told
--
-- Watch out: IoT-X only. The currency is the tariff's and IoT-X does not name it: sum within a
-- tariff. A contract may bill a suspended SIM or not: that is for its terms to say.
WITH given AS (SELECT 90 AS days)
SELECT s.source, k.operator_name, k.tariff_name, count(*) AS sims, sum(k.line_rental_minor) AS rent_minor,
    count(*) FILTER (WHERE s.status <> 'active') AS inactive_sims, sum(k.line_rental_minor) FILTER (WHERE s.status <> 'active') AS inactive_rent_minor,
    sum(k.line_rental_minor) FILTER (WHERE k.expires_at >= now() AND k.expires_at < now() + make_interval(days => g.days)) AS ending_rent_minor,
    count(*) FILTER (WHERE k.line_rental_minor IS NULL) AS without_rent
FROM given g
CROSS JOIN fleet.contract k
JOIN fleet.subscriber s ON s.subscriber_key = k.subscriber_key
WHERE s.removed_at IS NULL
  AND s.status <> 'terminated'
GROUP BY s.source, k.operator_name, k.tariff_name
ORDER BY rent_minor DESC NULLS LAST, s.source, k.operator_name, k.tariff_name;
