-- $1 the place after which, $2 how many at most.
SELECT place, eid
FROM queue_profile
WHERE place > $1
ORDER BY place
LIMIT $2
