-- Whether there is a role for analysts, may enter the published schema, and may enter
-- those that are not theirs; and what of the published it may not read. Partitions are
-- read through their table.
SELECT a.role IS NOT NULL,
    coalesce(has_schema_privilege(a.role, 'fleet'::regnamespace::oid, 'USAGE'), false),
    coalesce(has_schema_privilege(a.role, 'sync'::regnamespace::oid, 'USAGE')
        OR has_schema_privilege(a.role, 'private'::regnamespace::oid, 'USAGE'), false),
    ARRAY(
        SELECT c.relname::text
        FROM pg_class c
        WHERE c.relnamespace = 'fleet'::regnamespace
          AND c.relkind IN ('r', 'p', 'v', 'm')
          AND NOT c.relispartition
          AND NOT has_table_privilege(a.role, c.oid, 'SELECT')
        ORDER BY c.relname
    )
FROM (SELECT to_regrole('simsync_analyst')::oid AS role) a
