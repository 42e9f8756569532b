-- In what form the server words the values that it gives as text: ISO 8601, whatever
-- the database's own settings are.
SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO', true), set_config('IntervalStyle', 'iso_8601', true)
