-- Statements that drop what makes inserting dear, in the order in which it can be
-- dropped, each with the one that brings it back: foreign keys on or to the tables,
-- then their keys, then the other indexes. Comments come back with them.
WITH bare (relation) AS (
    VALUES ('fleet.subscriber'::regclass), ('fleet.subscriber_imsi'::regclass), ('fleet.contract'::regclass)
), found (rank, drop_it, create_it) AS (
    SELECT CASE c.contype WHEN 'f' THEN 0 ELSE 1 END,
        format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
            || format('; COMMENT ON CONSTRAINT %I ON %s IS %L', c.conname, c.conrelid::regclass, obj_description(c.oid, 'pg_constraint'))
    FROM pg_constraint c
    WHERE c.contype IN ('f', 'p', 'u')
      AND c.conparentid = 0
      AND (c.conrelid IN (SELECT relation FROM bare) OR c.confrelid IN (SELECT relation FROM bare))
    UNION ALL
    SELECT 2,
        format('DROP INDEX %s', i.indexrelid::regclass),
        pg_get_indexdef(i.indexrelid)
            || format('; COMMENT ON INDEX %s IS %L', i.indexrelid::regclass, obj_description(i.indexrelid, 'pg_class'))
    FROM pg_index i
    WHERE i.indrelid IN (SELECT relation FROM bare)
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u'))
)
SELECT drop_it, create_it
FROM found
ORDER BY rank, drop_it
