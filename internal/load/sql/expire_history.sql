-- $1 superseded before, $2 how many at most. The oldest first, by where they stand: a
-- version is never written again.
DELETE FROM fleet.subscriber_history
WHERE ctid = ANY (ARRAY(SELECT ctid FROM fleet.subscriber_history WHERE valid_to < $1 ORDER BY valid_to LIMIT $2))
