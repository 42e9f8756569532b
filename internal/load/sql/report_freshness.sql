SELECT source, complete_as_of, loaded_as_of, attempted_at, coalesce(attempted_outcome, '') AS attempted_outcome, attempted_error, is_complete, attempts_since
FROM fleet.freshness
ORDER BY source
