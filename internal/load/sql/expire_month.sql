-- $1 the lock space, $2 the lock of the layout, $3 the month. Whoever changes the layout
-- now has many locks to take: it is left alone.
SELECT sync.drop_usage_partition($3) WHERE pg_try_advisory_xact_lock($1, $2)
