-- $1 run, $2 source. As of when the run loaded the source; null: it did not. A promote whose
-- answer was lost may still be on its way: it holds the row.
SELECT as_of
FROM sync.run
WHERE run_id = $1 AND source = $2
FOR UPDATE
