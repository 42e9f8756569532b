-- Whether a run is alive is the locks' to say, not the tables'.
SELECT source, complete_as_of, loaded_as_of, attempted_at, attempted_outcome, is_complete, attempts_since, false AS running
FROM fleet.freshness
ORDER BY source
