-- $1 processes. Who keeps them from a lock now. What a role may not see of others is null.
SELECT DISTINCT h.pid, coalesce(nullif(a.application_name, ''), a.backend_type, ''), coalesce(a.xact_start, a.query_start)
FROM unnest($1::int[]) AS waiting (pid)
CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS h (pid)
LEFT JOIN pg_stat_activity a ON a.pid = h.pid
ORDER BY h.pid
