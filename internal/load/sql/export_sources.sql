-- $1 the sources of the settings. Beside them, those that have subscribers, and those
-- that were synced, if only in vain.
SELECT source COLLATE "C" FROM fleet.subscriber
UNION
SELECT source FROM fleet.run
UNION
SELECT unnest($1::text[])
ORDER BY source
