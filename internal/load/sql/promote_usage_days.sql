-- $1 source. The days whose usage is to be counted anew: those observed, and where one of
-- them was loaded late, the days of the observations that follow.
SELECT (o.observed_at AT TIME ZONE 'UTC')::date AS day
FROM stage_observation o
WHERE o.data_usage_bytes IS NOT NULL
UNION
SELECT n.day
FROM stage_observation o
CROSS JOIN LATERAL (
    SELECT u.day
    FROM fleet.data_usage u
    WHERE u.subscriber_key = o.subscriber_key AND u.day > (o.observed_at AT TIME ZONE 'UTC')::date
    ORDER BY u.day
    LIMIT 1
) n
WHERE (o.observed_at AT TIME ZONE 'UTC')::date < (SELECT max(t.day) FROM fleet.tariff_usage t WHERE t.source = $1)
ORDER BY day
