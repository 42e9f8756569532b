-- How many live SIMs each customer has. A customer is known by source and ID together.
SELECT c.name AS customer, count(s.subscriber_key) AS sims
FROM fleet.customer c
LEFT JOIN fleet.subscriber s ON s.source = c.source AND s.customer_id = c.customer_id AND s.removed_at IS NULL
GROUP BY c.source, c.customer_id, c.name
ORDER BY sims DESC, customer;
