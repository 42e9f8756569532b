-- Whether this morning's numbers can be trusted: is_complete should be true for every source.
SELECT source, complete_as_of, attempted_at, attempted_outcome, is_complete, attempted_error
FROM fleet.freshness
ORDER BY source;
