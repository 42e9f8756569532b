-- How many live subscribers each source has, by status.
SELECT source, status, count(*) AS subscribers
FROM fleet.subscriber
WHERE removed_at IS NULL
GROUP BY source, status
ORDER BY source, subscribers DESC;
