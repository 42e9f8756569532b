-- Active SIMs by source and customer
SELECT s.source, coalesce(c.name, '(no customer)') AS customer, count(*) AS active, count(DISTINCT s.imei) AS devices
FROM fleet.subscriber s
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
WHERE s.removed_at IS NULL
  AND s.status = 'active'
GROUP BY s.source, c.name
ORDER BY active DESC, customer
LIMIT 5
