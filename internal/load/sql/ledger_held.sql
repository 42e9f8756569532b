-- $1 the lock space. Sources in the ledger whose lock somebody holds now. The lock is
-- one of two numbers (objsubid 2): the space, and hashtext of the source, which
-- pg_locks shows as an unsigned oid.
SELECT DISTINCT r.source
FROM sync.run r
JOIN pg_locks l ON l.objid = hashtext(r.source)::oid
WHERE r.finished_at IS NULL
    AND l.locktype = 'advisory' AND l.granted AND l.classid = $1::int4::oid AND l.objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
