-- $1 source. The ICCID of one of its live subscribers, the one known longest.
SELECT iccid FROM fleet.subscriber WHERE source = $1 AND removed_at IS NULL AND iccid IS NOT NULL ORDER BY subscriber_key LIMIT 1
