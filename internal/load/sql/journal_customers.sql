-- $1 source. Its customers that have a name.
SELECT customer_id, name FROM fleet.customer WHERE source = $1 AND name IS NOT NULL
