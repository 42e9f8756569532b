-- $1 the first day. The sums of all tariffs, which each sync counts. What was used on the
-- first day of all that a source was observed nobody knows.
SELECT u.day, sum(u.used_bytes)::bigint AS bytes, sum(u.subscribers)::bigint AS observed, bool_and(u.day = b.day AND u.used_bytes = 0) AS is_first
FROM fleet.tariff_usage u
JOIN (SELECT source, min(day) AS day FROM fleet.tariff_usage GROUP BY source) b USING (source)
WHERE u.day >= $1::date
GROUP BY u.day
ORDER BY u.day
