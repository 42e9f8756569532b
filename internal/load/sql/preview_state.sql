-- $1 source. changed_at grows with each version of a subscriber, and no row is ever
-- deleted: two states of a source that have both numbers in common are one.
SELECT count(*), coalesce(sum(extract(epoch FROM changed_at)), 0)::text
FROM fleet.subscriber
WHERE source = $1
