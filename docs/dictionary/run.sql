-- What each night brought. An incomplete one removed nothing.
SELECT started_at::date AS night, source, outcome, records, inserted, updated, removed, error
FROM fleet.run
WHERE started_at >= '2026-11-01'
ORDER BY started_at, source;
