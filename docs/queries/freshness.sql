-- How fresh is the data, and did the last sync leave it complete?
--
-- source             the source's name
-- complete_as_of     as of when the data was last exactly as the provider had it; null where it never was
-- hours_old          how many hours ago that is; null where it never was
-- last_attempt_at    when the last sync of the whole source began; null where only windows were backfilled
-- last_outcome       how it ended: ok, incomplete, held_back, failed or interrupted; or running, or killed
-- is_complete        whether that last attempt is the complete one: true is the state to expect
-- attempts_since     syncs since the complete one that are not, or not yet
-- walks              listings read in the last attempt
-- incomplete_walks   those of them that are not proved to be read whole: last_walks.sql names them
-- last_error         why the last attempt did not end well, in one line; null where it did, or has no end
--
-- Watch out: look here before trusting a count. What is loaded after the last complete sync may lack
-- SIMs and hold some that are gone. A complete sync that was stopped afterwards, among its details, is
-- complete all the same.
SELECT f.source, f.complete_as_of, round(extract(epoch FROM now() - f.complete_as_of) / 3600, 1) AS hours_old,
    f.attempted_at AS last_attempt_at, f.attempted_outcome AS last_outcome, f.is_complete, f.attempts_since,
    count(w.listing) AS walks, count(w.listing) FILTER (WHERE NOT w.is_complete) AS incomplete_walks, f.attempted_error AS last_error
FROM fleet.freshness f
LEFT JOIN fleet.walk w ON w.run_id = f.attempted_run_id AND w.source = f.source
GROUP BY f.source, f.complete_as_of, f.attempted_at, f.attempted_outcome, f.is_complete, f.attempts_since, f.attempted_error
ORDER BY f.source;
