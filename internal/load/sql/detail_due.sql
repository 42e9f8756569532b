-- $1 the place after which, $2 how many at most.
SELECT place, iccid, subscriber_keys, subscriber_ids
FROM queue_detail
WHERE place > $1
ORDER BY place
LIMIT $2
