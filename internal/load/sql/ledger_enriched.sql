-- $1 run, $2 source, then what has been added. From null: the first time says that an
-- enrichment began.
UPDATE sync.run
SET details_asked = coalesce(details_asked, 0) + $3,
    details_found = coalesce(details_found, 0) + $4,
    profiles_asked = coalesce(profiles_asked, 0) + $5,
    profiles_found = coalesce(profiles_found, 0) + $6
WHERE run_id = $1 AND source = $2
