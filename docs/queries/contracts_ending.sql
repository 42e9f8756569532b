-- Which contracts end in the next 90 days, and what rent do they carry?
--
-- expires_at         end of the contract
-- days_left          whole days until then
-- source             the source's name
-- iccid              the SIM; null where the subscriber is not cellular
-- nickname           its name; null where it has none
-- status             active, suspended, inactive, terminated or unknown
-- operator_name      the operator
-- tariff_name        the tariff
-- contract_months    the length of the contract
-- line_rental_minor  the recurring fee in the smallest unit of a currency that IoT-X does not name
-- subscriber_key     our key
--
-- Watch out: IoT-X only. Rents may be in different currencies: do not add those of different
-- tariffs without knowing. What has ended already is not here, nor what is terminated by today;
-- contracts without an end (expires_at is null) never are.
WITH given AS (SELECT 90 AS days)
SELECT k.expires_at, extract(day FROM k.expires_at - now())::integer AS days_left, s.source, s.iccid, s.nickname, s.status,
    k.operator_name, k.tariff_name, k.contract_months, k.line_rental_minor, s.subscriber_key
FROM given g
JOIN fleet.contract k ON k.expires_at >= now() AND k.expires_at < now() + make_interval(days => g.days)
JOIN fleet.subscriber s ON s.subscriber_key = k.subscriber_key
WHERE s.removed_at IS NULL
  AND (k.terminated_at IS NULL OR k.terminated_at > now())
ORDER BY k.expires_at, s.source, s.iccid, s.subscriber_key;
