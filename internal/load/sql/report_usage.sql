-- $1 the first day. The sums of all tariffs, which each sync counts.
SELECT day, sum(used_bytes)::bigint AS bytes, sum(subscribers)::bigint AS observed
FROM fleet.tariff_usage
WHERE day >= $1::date
GROUP BY day
ORDER BY day
