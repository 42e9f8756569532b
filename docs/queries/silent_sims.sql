-- Which active SIMs are offline and have used nothing for two weeks?
--
-- source             the source's name
-- iccid              the SIM; null where the subscriber is not cellular
-- nickname           its name; null where it has none
-- operator_name      the operator
-- tariff_name        the tariff
-- line_rental_minor  the recurring fee in the smallest unit of a currency that IoT-X does not name
-- data_usage_bytes   the counter of the billing period when last observed
-- observed_at        when it was last observed
-- compared_day       the UTC day of the observation since which it has used nothing
-- subscriber_key     our key
--
-- Watch out: IoT-X only: floLIVE tells neither usage nor presence. A counter that falls back to 0
-- and stays there has used nothing. SIMs whose presence is not told, or that are not observed for
-- so long yet, are not here.
WITH given AS (SELECT 14 AS days),
silent AS MATERIALIZED ( -- whole before it is sorted: the days are read in the order in which they are stored
    SELECT s.subscriber_key, s.source, s.iccid, s.nickname, n.data_usage_bytes, n.observed_at, b.day AS compared_day
    FROM given g
    JOIN fleet.subscriber s ON s.status = 'active' AND s.removed_at IS NULL
    JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key AND NOT n.is_online
    LEFT JOIN fleet.data_usage y ON y.subscriber_key = s.subscriber_key AND y.day = (now() AT TIME ZONE 'UTC')::date - g.days
    CROSS JOIN LATERAL (
        SELECT u.day
        FROM fleet.data_usage u
        WHERE u.subscriber_key = s.subscriber_key AND u.day <= (now() AT TIME ZONE 'UTC')::date - g.days
        ORDER BY u.day DESC
        LIMIT 1
    ) b
    WHERE (y.subscriber_key IS NULL OR n.data_usage_bytes IN (y.data_usage_bytes, 0)) -- most have used something: these need no look at each day
      AND NOT EXISTS (
        SELECT
        FROM (SELECT u.data_usage_bytes AS bytes, lag(u.data_usage_bytes) OVER (ORDER BY u.day) AS before
              FROM fleet.data_usage u
              WHERE u.subscriber_key = s.subscriber_key AND u.day >= b.day) d
        WHERE d.bytes > d.before OR (d.bytes < d.before AND d.bytes > 0)
      )
)
SELECT s.source, s.iccid, s.nickname, k.operator_name, k.tariff_name, k.line_rental_minor, s.data_usage_bytes, s.observed_at, s.compared_day,
    s.subscriber_key
FROM silent s
LEFT JOIN fleet.contract k ON k.subscriber_key = s.subscriber_key
ORDER BY k.line_rental_minor DESC NULLS LAST, s.source, s.iccid, s.subscriber_key;
