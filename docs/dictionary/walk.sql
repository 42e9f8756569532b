-- Which listings could not be proved to be read whole.
SELECT r.started_at::date AS night, w.source, w.listing, w.verdict, w.distinct_records
FROM fleet.walk w
JOIN fleet.run r USING (run_id, source)
WHERE NOT w.is_complete
ORDER BY night, w.source;
