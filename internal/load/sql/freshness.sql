-- $1 sources, $2 the lock space. How fresh each is, and whether a run holds it now: see
-- ledger_held.
SELECT s.source, f.complete_as_of, f.loaded_as_of, f.attempted_at, f.attempted_outcome, coalesce(f.attempts_since, 0),
    EXISTS (
        SELECT FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $2::int4::oid AND l.objsubid = 2
          AND l.objid = hashtext(s.source)::oid
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    )
FROM unnest($1::text[]) WITH ORDINALITY AS s (source, place)
LEFT JOIN fleet.freshness f USING (source)
ORDER BY s.place
