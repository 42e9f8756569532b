-- Since when history, usage, rejects and runs are whole, now that what is older may
-- be deleted: a question about an earlier time must not be answered by what is left.

-- +goose Up
CREATE TABLE sync.kept (
    what  text COLLATE "C" PRIMARY KEY,
    since timestamptz,
    CONSTRAINT kept_what CHECK (what IN ('history', 'usage', 'rejects', 'runs'))
);
INSERT INTO sync.kept (what) VALUES ('history'), ('usage'), ('rejects'), ('runs');
COMMENT ON TABLE sync.kept IS 'One row per kind that is kept for a time only: since when it is whole. Written in the transaction that deletes.';
COMMENT ON COLUMN sync.kept.what IS 'history (fleet.subscriber_history), usage (fleet.data_usage), rejects (sync.reject) or runs (sync.run, sync.walk).';
COMMENT ON COLUMN sync.kept.since IS 'Nothing from then or later has been deleted; null: nothing at all has.';

CREATE VIEW fleet.kept AS
SELECT k.what, k.since
FROM sync.kept k;
COMMENT ON VIEW fleet.kept IS 'One row per kind that is kept for a time only: since when it is whole. A question about an earlier time has no full answer here any more. The settings retention.* say how long each is kept.';
COMMENT ON COLUMN fleet.kept.what IS 'history: superseded versions (fleet.subscriber_history, fleet.subscriber_version, fleet.change, fleet.subscriber_at), by when they were superseded. usage: fleet.data_usage, by whole months. rejects: refused records. runs: fleet.run and fleet.walk, by when the run began.';
COMMENT ON COLUMN fleet.kept.since IS 'Nothing from then or later has been deleted, and what is older may be. Null: nothing has been deleted at all.';

-- Whoever syncs need not own the table to close an old month: the function does it with
-- its owner's rights, and drops nothing that sync.kept does not give up. It never waits
-- long: until it has the lock, every later reader of the table waits behind it.
-- +goose StatementBegin
CREATE FUNCTION sync.drop_usage_partition(a_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms' AS $$
DECLARE
    until_day date := (date_trunc('month', a_day::timestamp) + interval '1 month')::date;
    partition text := 'data_usage_' || to_char(a_day, 'YYYY_MM');
BEGIN
    IF NOT EXISTS (SELECT FROM sync.kept WHERE what = 'usage' AND since >= until_day::timestamp AT TIME ZONE 'UTC') THEN
        RAISE EXCEPTION 'fleet.% stays: sync.kept says that usage of that month is kept', partition
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    -- Dropping a partition locks the table and the partition; detaching it first would
    -- lock fleet.subscriber too.
    IF EXISTS (
        SELECT
        FROM pg_inherits i
        JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'fleet.data_usage'::regclass AND c.relnamespace = 'fleet'::regnamespace AND c.relname = partition
    ) THEN
        EXECUTE format('DROP TABLE fleet.%I', partition);
    END IF;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION sync.drop_usage_partition IS 'Drops the partition of fleet.data_usage that holds a_day, a UTC day, where it is there and all of it is older than sync.kept says that usage is whole. It waits half a second for readers to let go.';

-- It has its owner's rights: whoever may call subscriber_at may be told no.
-- +goose StatementBegin
CREATE FUNCTION fleet.history_reaches(a_time timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whole_since timestamptz := (SELECT since FROM sync.kept WHERE what = 'history');
BEGIN
    IF a_time < whole_since THEN
        RAISE EXCEPTION 'the fleet as of % is not known any more: its history is kept since %', a_time, whole_since
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Ask for a later time. fleet.kept tells since when the history is whole; the setting retention.history how long it is kept.';
    END IF;
    RETURN true;
END
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION fleet.history_reaches IS 'True where the history is whole since a_time; else an error that tells since when it is.';

-- Still inlined into the query that calls it. A condition on no row is looked at once,
-- before any row is read.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION fleet.subscriber_at(at_time timestamptz) RETURNS SETOF fleet.subscriber_version
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT v.*
    FROM fleet.subscriber_version v
    WHERE fleet.history_reaches(at_time)
      AND v.changed_at <= at_time
      AND (v.superseded_at IS NULL OR v.superseded_at > at_time)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION fleet.subscriber_at IS 'The fleet as it was known at a moment: one row per subscriber that was known by then, as fleet.subscriber_version has it (removed_at is null where it was live). An error for a time before the history is whole (fleet.kept).';
COMMENT ON TABLE fleet.subscriber_history IS 'One row per superseded version of a subscriber: as it was from valid_from until valid_to. The version in force is in fleet.subscriber. Kept for a time after it was superseded: fleet.kept.';
COMMENT ON TABLE fleet.data_usage IS 'One row per IoT-X subscriber and UTC day: the day''s last observation of the counter of the billing period. The counter falls back when a billing period begins. Partitioned by month. Kept for a time: fleet.kept.';
COMMENT ON VIEW fleet.run IS 'One row per run and source: when the fleet was synced, how that ended and what it changed. Its counts balance: records = inserted + updated + unchanged + repeated + rejected. Kept for a time: fleet.kept.';

-- The default privileges of the first migration reach what its own role makes only.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'simsync_analyst') THEN
        GRANT SELECT ON fleet.kept TO simsync_analyst;
        GRANT EXECUTE ON FUNCTION fleet.history_reaches TO simsync_analyst;
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- Without it subscriber_at would show what is left of a fleet as if it were whole.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM sync.kept WHERE since IS NOT NULL) THEN
        RAISE EXCEPTION 'sync.kept tells since when the history is whole: migrating down would lose that'
            USING HINT = 'To lose it on purpose: UPDATE sync.kept SET since = NULL;';
    END IF;
END
$$;
-- +goose StatementEnd
COMMENT ON VIEW fleet.run IS 'One row per run and source: when the fleet was synced, how that ended and what it changed. Its counts balance: records = inserted + updated + unchanged + repeated + rejected.';
COMMENT ON TABLE fleet.data_usage IS 'One row per IoT-X subscriber and UTC day: the day''s last observation of the counter of the billing period. The counter falls back when a billing period begins. Partitioned by month.';
COMMENT ON TABLE fleet.subscriber_history IS 'One row per superseded version of a subscriber: as it was from valid_from until valid_to. The version in force is in fleet.subscriber.';
COMMENT ON FUNCTION fleet.subscriber_at IS 'The fleet as it was known at a moment: one row per subscriber that was known by then, as fleet.subscriber_version has it (removed_at is null where it was live).';
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION fleet.subscriber_at(at_time timestamptz) RETURNS SETOF fleet.subscriber_version
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT v.*
    FROM fleet.subscriber_version v
    WHERE v.changed_at <= at_time
      AND (v.superseded_at IS NULL OR v.superseded_at > at_time)
$$;
-- +goose StatementEnd
DROP FUNCTION fleet.history_reaches;
DROP FUNCTION sync.drop_usage_partition;
DROP VIEW fleet.kept;
DROP TABLE sync.kept;
