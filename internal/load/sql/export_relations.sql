-- The relations of schema fleet; those that are a part of another are left out.
SELECT relname::text AS name, coalesce(obj_description(oid, 'pg_class'), '') AS comment
FROM pg_class
WHERE relnamespace = 'fleet'::regnamespace
    AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT relispartition
ORDER BY relname
