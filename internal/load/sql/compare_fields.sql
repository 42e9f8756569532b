SELECT field, count(*) AS subscribers
FROM stage_difference
GROUP BY field
ORDER BY subscribers DESC, field
