-- $1 a time. The months of fleet.data_usage that are wholly before it, the oldest first:
-- those that sync.make_usage_partition made.
SELECT m.month
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid AND c.relname ~ '^data_usage_[0-9]{4}_[0-9]{2}$'
CROSS JOIN LATERAL (SELECT to_date(right(c.relname, 7), 'YYYY_MM') AS month) m
WHERE i.inhparent = 'fleet.data_usage'::regclass
  AND (m.month + interval '1 month') AT TIME ZONE 'UTC' <= $1
ORDER BY m.month
