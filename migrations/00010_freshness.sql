-- Freshness that cannot be misread. What a run left of a source is told when it is
-- promoted: how the run ended later, stopped among its details or killed there, takes
-- nothing of it back. Who looks into the ledger learns why a run did not end well, and
-- whether one without an end is alive.

-- +goose Up
ALTER TABLE sync.run ADD COLUMN IF NOT EXISTS load_outcome text COLLATE "C";
ALTER TABLE sync.run ADD COLUMN IF NOT EXISTS continues_run_id uuid;
ALTER TABLE sync.run ADD CONSTRAINT run_load_outcome CHECK (load_outcome IN ('ok', 'incomplete', 'held_back')) NOT VALID;
COMMENT ON COLUMN sync.run.load_outcome IS 'How the load itself ended, written with it in one transaction: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back). Null: nothing was promoted, or an older version of the program did.';
COMMENT ON COLUMN sync.run.continues_run_id IS 'The run whose details and eSIM profiles this one went on with, as a replay does that broke off among them: it read no listing and loaded nothing else. Null for all others.';
COMMENT ON COLUMN sync.run.error IS 'Why the outcome is not ok, or the enrichment broke off, in one line; of a run without an end, why its load is not complete; null where there is nothing to say.';

-- Of a run of an older version its end tells how the load ended, save where it was
-- stopped or killed afterwards: then only removals prove that nothing was held back.
CREATE OR REPLACE VIEW fleet.run AS
SELECT r.run_id, r.source, r.command, r.started_at, r.finished_at, r.outcome,
    w.is_whole,
    w.is_whole AND l.load_outcome IS NOT DISTINCT FROM 'ok' AS is_complete,
    r.as_of, r.declared, r.records, r.inserted, r.updated, r.unchanged, r.repeated, r.removed, r.rejected, r.rejected_parts,
    l.load_outcome, r.exit_code, r.error,
    r.finished_at IS NULL
        AND NOT EXISTS (
            SELECT FROM sync.run later
            WHERE later.source = r.source AND (later.started_at, later.run_id) > (r.started_at, r.run_id)
        )
        AND EXISTS (
            SELECT FROM pg_locks k
            WHERE k.locktype = 'advisory' AND k.granted AND k.classid = 1397312851 AND k.objsubid = 2 -- the program's lock space, "SIMS"
              AND k.objid = hashtext(r.source)::oid
              AND k.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
        ) AS is_running
FROM sync.run r
CROSS JOIN LATERAL (SELECT r.connected_since IS NULL AND r.connected_until IS NULL AND r.continues_run_id IS NULL AS is_whole) w
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN r.as_of IS NULL THEN NULL
        WHEN r.load_outcome IS NOT NULL THEN r.load_outcome
        WHEN r.outcome IN ('ok', 'incomplete', 'held_back') THEN r.outcome
        WHEN r.removed > 0 THEN 'ok'
        ELSE 'incomplete'
    END AS load_outcome
) l;
COMMENT ON COLUMN fleet.run.outcome IS 'How the run ended: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed; interrupted (by whoever stopped it). What was loaded before a run was stopped stays: load_outcome. Null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.is_whole IS 'Whether all of the source was asked for; false for a backfill of a window of connection dates, and for a replay that only went on with the details of another run.';
COMMENT ON COLUMN fleet.run.is_complete IS 'Whether the run left the fleet exactly as the provider had it: the whole source was asked for and proved to be read, and every change and removal was made, save for what refused records (rejected) would have said. Details and eSIM profiles are asked for afterwards, and are no part of it.';
COMMENT ON COLUMN fleet.run.load_outcome IS 'How the load itself ended, whatever became of the run afterwards: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back, for they were more than the limit allows, or too many records were refused). Null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.exit_code IS 'What this source alone would make the program exit with: 0 done, 1 failed, 2 settings, 3 incomplete, 4 removals held back, 5 too many rejects, 6 credentials refused, 7 schema, 130 and 143 stopped. 1 with the outcome ok, incomplete or held_back: details or eSIM profiles broke off. Null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.error IS 'Why it did not end well, in one line that names no subscriber: which listing was not read whole, or what the limit was. Null where all is well, and where a run has no end and nothing was wrong with its load.';
COMMENT ON COLUMN fleet.run.is_running IS 'Whether the run is at work now. Without an end and not running: it was killed.';
COMMENT ON COLUMN fleet.run.finished_at IS 'When it ended; null while it is running, and for ever where it was killed: is_running tells them apart.';
COMMENT ON COLUMN fleet.run.records IS 'Records read from the provider, eSIM profiles inside of others (IoT-X) and subscribers asked for one by one included, so perhaps more than distinct_records and repeated of its fleet.walk add up to; null where nothing was loaded, as all counts are.';
COMMENT ON COLUMN fleet.walk.distinct_records IS 'Different records in the listing. An eSIM profile inside of another record (IoT-X) is counted in records of fleet.run only.';
COMMENT ON COLUMN fleet.walk.repeated IS 'Records of the listing that came more than once.';

-- A replay that only went on with the details of a run is no attempt to read the source.
-- Older versions do not mark it: there it ended well and loaded nothing.
CREATE OR REPLACE VIEW fleet.freshness AS
SELECT s.source, c.as_of AS complete_as_of, now() - c.as_of AS complete_age, c.run_id AS complete_run_id,
    l.as_of AS loaded_as_of,
    a.started_at AS attempted_at, a.run_id AS attempted_run_id,
    CASE
        WHEN a.run_id IS NULL THEN NULL
        WHEN a.outcome IS NOT NULL THEN a.outcome
        WHEN a.is_running THEN 'running'
        ELSE 'killed'
    END AS attempted_outcome,
    coalesce(a.run_id = c.run_id, false) AS is_complete,
    (SELECT count(*) FROM fleet.run n
     WHERE n.source = s.source AND n.is_whole AND (n.outcome IS DISTINCT FROM 'ok' OR n.load_outcome IS NOT NULL)
       AND (c.run_id IS NULL OR n.started_at > c.started_at)) AS attempts_since,
    a.error AS attempted_error
FROM (SELECT DISTINCT source FROM sync.run) s
LEFT JOIN LATERAL (
    SELECT r.run_id, r.started_at, r.outcome, r.error, r.is_running
    FROM fleet.run r
    WHERE r.source = s.source AND r.is_whole AND (r.outcome IS DISTINCT FROM 'ok' OR r.load_outcome IS NOT NULL)
    ORDER BY r.started_at DESC, r.run_id DESC
    LIMIT 1
) a ON true
LEFT JOIN LATERAL (
    SELECT r.run_id, r.started_at, r.as_of
    FROM fleet.run r
    WHERE r.source = s.source AND r.is_complete
    ORDER BY r.as_of DESC, r.run_id DESC
    LIMIT 1
) c ON true
LEFT JOIN LATERAL (SELECT max(r.as_of) AS as_of FROM sync.run r WHERE r.source = s.source) l ON true;
COMMENT ON VIEW fleet.freshness IS 'One row per source that was ever synced: as of when its data is complete, and how the last attempt ended. Look here before trusting a count: what is loaded after the last complete sync may lack subscribers and hold some that are gone.';
COMMENT ON COLUMN fleet.freshness.complete_as_of IS 'As of when the data was last exactly as the provider had it, subscribers that left marked removed, refused records aside; null where it never was. From the moment of the load on: details and eSIM profiles, which are asked for afterwards, are no part of it.';
COMMENT ON COLUMN fleet.freshness.loaded_as_of IS 'As of when anything was last loaded, also by an incomplete, held back or windowed run; null where nothing ever was. Later than complete_as_of: some rows are newer than that, and no subscriber was marked removed since.';
COMMENT ON COLUMN fleet.freshness.attempted_outcome IS 'How that ended: ok, incomplete, held_back, failed or interrupted; running while it is at work, killed where it has no end and nobody is at work on the source; null where only windows were backfilled. is_complete may be true with any of them: a sync that loaded all goes on with details, and may be stopped there.';
COMMENT ON COLUMN fleet.freshness.is_complete IS 'Whether that last attempt is the complete one, ended or still at its details: true is the state to expect every morning.';
COMMENT ON COLUMN fleet.freshness.attempts_since IS 'How many syncs of the whole source began after the last complete one: none of them is complete, or not yet. All of them where none ever was.';
COMMENT ON COLUMN fleet.freshness.attempted_error IS 'Why that last attempt did not end well, in one line that names no subscriber; null where all is well, where it has no end and nothing was wrong with its load, and where only windows were backfilled.';

COMMENT ON COLUMN fleet.contract.terminated_at IS 'When the contract was or will be terminated (IoT-X terminateDate); null where the provider gave none. A time that is past with is_active true is a contradiction of the provider''s: status is terminated then, and the subscriber has the flag status_contradiction.';

-- +goose Down
-- The columns stay, as what they hold cannot be had back, and the views stay: they are as
-- right for a ledger that an older program writes.
ALTER TABLE sync.run DROP CONSTRAINT run_load_outcome;
