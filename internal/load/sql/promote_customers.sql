-- $1 source, $2 customer IDs, $3 their names, of equal length.
INSERT INTO fleet.customer AS f (source, customer_id, name)
SELECT $1, c.customer_id, nullif(c.name, '')
FROM unnest($2::uuid[], $3::text[]) AS c (customer_id, name)
ON CONFLICT (source, customer_id) DO UPDATE
SET name = excluded.name
WHERE f.name IS DISTINCT FROM excluded.name AND excluded.name IS NOT NULL
