-- Since when each kind is whole. Null: nothing of it has been deleted.
SELECT what, since
FROM fleet.kept
ORDER BY what;
