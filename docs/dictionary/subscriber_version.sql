-- The life of one SIM, version by version.
SELECT changed_at AS since, superseded_at AS until, status, nickname, contract ->> 'tariff_name' AS tariff
FROM fleet.subscriber_version
WHERE iccid = '8944100000000020040'
ORDER BY since;
