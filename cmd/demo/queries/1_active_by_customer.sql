-- Where the active SIMs are
SELECT s.source, coalesce(c.name, '-') AS customer, count(*) AS active
FROM fleet.subscriber s
LEFT JOIN fleet.customer c USING (source, customer_id)
WHERE s.removed_at IS NULL
  AND s.status = 'active'
GROUP BY s.source, c.name
ORDER BY active DESC, customer
LIMIT 5
