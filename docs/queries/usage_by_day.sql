-- How much was used each day of the last month, by operator and tariff?
--
-- day            the UTC day
-- source         the source's name
-- operator_name  the operator
-- tariff_name    the tariff that the SIMs had that day
-- sims           SIMs observed that day, removed ones of today included
-- used_bytes     bytes used since their observations before
-- bytes_per_sim  the mean
--
-- Watch out: IoT-X only. What a SIM used before its first observation is not known: the first day of
-- all has 0, and SIMs seen for the first time make a day's mean smaller than it is. A billing period that begins is no loss: where a counter falls back, what
-- it counts since is taken. A day without a sync has no row, and the next one holds its usage too.
WITH given AS (SELECT 30 AS days)
SELECT u.day, u.source, u.operator_name, u.tariff_name, u.subscribers AS sims, u.used_bytes, round(u.used_bytes::numeric / u.subscribers) AS bytes_per_sim
FROM given g
JOIN fleet.tariff_usage u ON u.day > (now() AT TIME ZONE 'UTC')::date - g.days
ORDER BY u.day DESC, u.used_bytes DESC, u.source, u.operator_name, u.tariff_name;
