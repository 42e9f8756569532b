-- Statements that drop what makes inserting dear, in the order in which it can be
-- dropped, each with the one that brings it back: foreign keys on or to the tables,
-- then their keys, then the other indexes. Comments come back with them. An index
-- that somebody gave settings of its own, which its definition would not bring back,
-- stays where it is.
WITH bare (relation) AS (
    VALUES ('fleet.subscriber'::regclass), ('fleet.subscriber_imsi'::regclass), ('fleet.contract'::regclass)
), plain (indexrelid) AS (
    SELECT i.indexrelid
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid IN (SELECT relation FROM bare)
      AND NOT i.indisclustered
      AND NOT i.indisreplident
      AND c.reltablespace = 0
      AND c.reloptions IS NULL
), found (rank, drop_it, create_it) AS (
    SELECT CASE c.contype WHEN 'f' THEN 0 ELSE 1 END,
        format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
            || coalesce((SELECT string_agg(format('; COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, k.conrelid::regclass, d.description), '')
                FROM pg_constraint k
                JOIN pg_description d ON d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass
                WHERE c.oid IN (k.oid, k.conparentid)), '')
            || coalesce((SELECT format('; COMMENT ON INDEX %s IS %L', c.conindid::regclass, d.description)
                FROM pg_description d
                WHERE c.contype IN ('p', 'u') AND d.objoid = c.conindid AND d.classoid = 'pg_class'::regclass), '')
    FROM pg_constraint c
    WHERE c.conparentid = 0
      AND (c.contype = 'f' AND (c.conrelid IN (SELECT relation FROM bare) OR c.confrelid IN (SELECT relation FROM bare))
        OR c.contype IN ('p', 'u') AND c.conindid IN (SELECT indexrelid FROM plain))
    UNION ALL
    SELECT 2,
        format('DROP INDEX %s', i.indexrelid::regclass),
        pg_get_indexdef(i.indexrelid)
            || format('; COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
    FROM plain i
    WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
)
SELECT drop_it, create_it
FROM found
ORDER BY rank, drop_it
