-- Contracts that end in a quarter, with their rent. The currency is the tariff's.
SELECT s.iccid, k.operator_name, k.tariff_name, k.expires_at::date AS expires, round(k.line_rental_minor / 100.0, 2) AS rent
FROM fleet.contract k
JOIN fleet.subscriber s USING (subscriber_key)
WHERE s.removed_at IS NULL
  AND k.expires_at >= '2026-10-01' AND k.expires_at < '2027-01-01'
ORDER BY k.expires_at;
