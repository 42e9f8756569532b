-- $1 kinds, $2 names, $3 privileges. Those that the role of this session does not have.
-- Objects are found by the catalogue: their names alone are no use to a role that may
-- not enter the schema.
SELECT n.kind, n.name, n.privilege
FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS n (kind, name, privilege, place)
LEFT JOIN pg_namespace s ON s.nspname = split_part(n.name, '.', 1)
LEFT JOIN pg_class c ON c.relnamespace = s.oid AND c.relname = split_part(n.name, '.', 2)
WHERE NOT coalesce(
    CASE n.kind
        WHEN 'DATABASE' THEN has_database_privilege(n.name, n.privilege)
        WHEN 'SCHEMA' THEN has_schema_privilege(s.oid, n.privilege)
        WHEN 'SEQUENCE' THEN has_sequence_privilege(c.oid, n.privilege)
        ELSE has_table_privilege(c.oid, n.privilege)
    END, false)
ORDER BY n.place
