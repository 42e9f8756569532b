-- $1 source, $2 day.
DELETE FROM fleet.tariff_usage t
WHERE t.source = $1
  AND t.day = $2
