-- $1 source. As of when the data is that each of its runs loaded, in order.
SELECT as_of
FROM sync.run
WHERE source = $1 AND as_of IS NOT NULL
ORDER BY as_of
