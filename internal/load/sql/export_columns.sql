-- $1 relation of schema fleet. key is the column's place in the primary key, 0: it is
-- none of it.
SELECT a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS type, a.atttypid AS oid, a.attnotnull AS is_required,
    coalesce(col_description(c.oid, a.attnum), '') AS comment,
    coalesce((
        SELECT k.place
        FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, place)
        WHERE i.indrelid = c.oid AND i.indisprimary AND k.attnum = a.attnum
    ), 0) AS key
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'fleet'::regnamespace
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND c.relname = $1
ORDER BY a.attnum
