-- The fleet as it was known on an evening, counted by status.
SELECT source, status, count(*) AS subscribers
FROM fleet.subscriber_at('2026-11-02 18:00Z')
WHERE removed_at IS NULL
GROUP BY source, status
ORDER BY source, subscribers DESC;
