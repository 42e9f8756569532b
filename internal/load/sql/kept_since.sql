-- $1 what, $2 since when it is whole. It never goes back.
UPDATE sync.kept SET since = $2 WHERE what = $1 AND (since IS NULL OR since < $2)
