-- $1 source, $2 customer IDs, $3 their names, of equal length. One that is called as
-- before is left alone: even a conflict that changes nothing writes.
INSERT INTO fleet.customer (source, customer_id, name)
SELECT $1, c.customer_id, nullif(c.name, '')
FROM unnest($2::uuid[], $3::text[]) AS c (customer_id, name)
LEFT JOIN fleet.customer f ON f.source = $1 AND f.customer_id = c.customer_id
WHERE f.customer_id IS NULL OR f.name IS DISTINCT FROM coalesce(nullif(c.name, ''), f.name)
ON CONFLICT (source, customer_id) DO UPDATE
SET name = excluded.name
