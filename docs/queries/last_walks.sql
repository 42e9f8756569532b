-- Which listings did the last sync of each source read, and was each read whole?
--
-- source            the source's name
-- customer_name     whose listing: a floLIVE customer; null where its name is not known, and at IoT-X
-- listing           the customer's UUID, or subscribers (IoT-X)
-- verdict           complete, or why it is not proved to be
-- declared          how many subscribers the provider announced; null at IoT-X, which announces none
-- distinct_records  different records read
-- repeated          records that came more than once
-- started_at        when the walk began
-- finished_at       when it ended
--
-- Watch out: a sync that failed before its end may have no walks: its source is not here then. That
-- every walk is complete proves the reading, not the sync: removals may be held back, or too many
-- records refused. freshness.sql has every source, and says why.
SELECT w.source, c.name AS customer_name, w.listing, w.verdict, w.declared, w.distinct_records, w.repeated, w.started_at, w.finished_at
FROM fleet.freshness f
JOIN fleet.walk w ON w.run_id = f.attempted_run_id AND w.source = f.source
LEFT JOIN fleet.customer c ON c.source = w.source AND c.customer_id::text = w.listing
ORDER BY w.source, w.is_complete, c.name, w.listing;
