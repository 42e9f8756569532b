-- How many SIMs were new, changed and gone each night of the last month?
--
-- day           the UTC day as of which the sync loaded, or on which it began where it loaded nothing
-- source        the source's name
-- new_sims      SIMs seen for the first time
-- changed_sims  SIMs that changed, those that came back included
-- gone_sims     SIMs that the provider no longer has
-- syncs         how many syncs of the source that day had
-- complete      how many of them left the fleet exactly as the provider had it
--
-- Watch out: a day without a complete sync removes nothing: what left that day is counted on
-- the next complete one. Counts are null where nothing was loaded. The first night is all new.
WITH given AS (SELECT 30 AS days)
SELECT (coalesce(r.as_of, r.started_at) AT TIME ZONE 'UTC')::date AS day, r.source, sum(r.inserted) AS new_sims, sum(r.updated) AS changed_sims,
    sum(r.removed) AS gone_sims, count(*) AS syncs, count(*) FILTER (WHERE r.is_complete) AS complete
FROM given g
JOIN fleet.run r ON coalesce(r.as_of, r.started_at) >= now() - make_interval(days => g.days)
GROUP BY day, r.source
ORDER BY day DESC, r.source;
