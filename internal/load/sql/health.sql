-- How the server is, as any role may see it. Of other roles' sessions only the names
-- show, so that the free connections are counted by those.
SELECT current_setting('server_version'),
    clock_timestamp(),
    pg_is_in_recovery(),
    current_setting('default_transaction_read_only')::bool,
    current_user::text,
    least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true)::int, 0) - a.clients,
        CASE WHEN d.datconnlimit >= 0 THEN d.datconnlimit - a.here END,
        CASE WHEN r.rolconnlimit >= 0 THEN r.rolconnlimit - a.ours END
    )
FROM (
    SELECT count(*) AS clients,
        count(*) FILTER (WHERE datname = current_database()) AS here,
        count(*) FILTER (WHERE usename = current_user) AS ours
    FROM pg_stat_activity
    WHERE datid IS NOT NULL
) a
CROSS JOIN (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) d
CROSS JOIN (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) r
