-- The program's own schema `sync`: the ledger of its runs. The schema itself is
-- made before the first migration, for the table of migrations lives in it too.

-- +goose Up
COMMENT ON SCHEMA sync IS 'The program''s own: the ledger of runs, walks and rejects.';
COMMENT ON TABLE sync.schema_version IS 'One row per migration applied, written by goose.';
COMMENT ON COLUMN sync.schema_version.id IS 'Key.';
COMMENT ON COLUMN sync.schema_version.version_id IS 'The migration''s number; 0 is the table''s own making.';
COMMENT ON COLUMN sync.schema_version.is_applied IS 'Always true: a migration taken back leaves no row.';
COMMENT ON COLUMN sync.schema_version.tstamp IS 'When it was applied: the server''s local time.';

CREATE TABLE sync.run (
    run_id         uuid NOT NULL,
    source         text COLLATE "C" NOT NULL,
    command        text NOT NULL,
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    outcome        text COLLATE "C",
    exit_code      smallint,
    error          text,
    version        text NOT NULL,
    declared       bigint,
    records        bigint,
    inserted       bigint,
    updated        bigint,
    unchanged      bigint,
    repeated       bigint,
    rejected       bigint,
    rejected_parts bigint,
    removed        bigint,
    requests       bigint,
    retries        bigint,
    bytes          bigint,
    PRIMARY KEY (run_id, source),
    CONSTRAINT run_outcome CHECK (outcome IN ('ok', 'incomplete', 'held_back', 'failed', 'interrupted')),
    CONSTRAINT run_closed CHECK ((finished_at IS NULL) = (outcome IS NULL) AND (outcome IS NULL) = (exit_code IS NULL)),
    CONSTRAINT run_balance CHECK (records = inserted + updated + unchanged + repeated + rejected),
    CONSTRAINT run_counts CHECK (least(declared, records, inserted, updated, unchanged, repeated, rejected, rejected_parts, removed,
        requests, retries, bytes) >= 0)
);
CREATE INDEX run_started_idx ON sync.run (started_at);
COMMENT ON TABLE sync.run IS 'The ledger: one row per run and source, written before the run begins and closed at its end. Every record read is accounted for: records = inserted + updated + unchanged + repeated + rejected.';
COMMENT ON COLUMN sync.run.run_id IS 'The run: a UUID of version 7, so runs sort by time. The same for all sources of a run.';
COMMENT ON COLUMN sync.run.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN sync.run.command IS 'The command that ran: run or backfill.';
COMMENT ON COLUMN sync.run.started_at IS 'When the run began on this source.';
COMMENT ON COLUMN sync.run.finished_at IS 'When it ended; null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN sync.run.outcome IS 'ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed and interrupted (nothing loaded). Null: running or killed.';
COMMENT ON COLUMN sync.run.exit_code IS 'What this source alone would make the command exit with.';
COMMENT ON COLUMN sync.run.error IS 'Why the outcome is not ok, in one line; null where it is.';
COMMENT ON COLUMN sync.run.version IS 'The program''s version.';
COMMENT ON COLUMN sync.run.declared IS 'How many subscribers the provider announced over all its walks; null where it announces none (IoT-X) or not every walk came so far.';
COMMENT ON COLUMN sync.run.records IS 'Records read in the walks'' last sessions, profiles nested in others and subscribers asked for by their physicalId included. Null, as all counts: nothing was promoted.';
COMMENT ON COLUMN sync.run.inserted IS 'Subscribers that are new.';
COMMENT ON COLUMN sync.run.updated IS 'Subscribers that changed, those that came back included.';
COMMENT ON COLUMN sync.run.unchanged IS 'Subscribers found as they were.';
COMMENT ON COLUMN sync.run.repeated IS 'Records of a subscriber that another record of the same run speaks of too; the last one wins.';
COMMENT ON COLUMN sync.run.rejected IS 'Records that could not be rows (sync.reject, is_whole).';
COMMENT ON COLUMN sync.run.rejected_parts IS 'Pairs and fields refused in records that were loaded (sync.reject, not is_whole).';
COMMENT ON COLUMN sync.run.removed IS 'Subscribers marked removed.';
COMMENT ON COLUMN sync.run.requests IS 'Requests sent to the provider, repeats included.';
COMMENT ON COLUMN sync.run.retries IS 'Requests that repeated another.';
COMMENT ON COLUMN sync.run.bytes IS 'Bytes of the provider''s answers, decompressed.';

CREATE TABLE sync.walk (
    run_id           uuid NOT NULL,
    source           text COLLATE "C" NOT NULL,
    listing          text COLLATE "C" NOT NULL,
    verdict          text COLLATE "C" NOT NULL,
    declared         bigint,
    distinct_records bigint NOT NULL,
    repeated         bigint NOT NULL,
    sessions         integer NOT NULL,
    requests         bigint NOT NULL,
    started_at       timestamptz NOT NULL,
    finished_at      timestamptz NOT NULL,
    PRIMARY KEY (run_id, source, listing),
    FOREIGN KEY (run_id, source) REFERENCES sync.run ON DELETE CASCADE
);
COMMENT ON TABLE sync.walk IS 'One row per listing walked in a run: whether all of it was read, or why that is not proved.';
COMMENT ON COLUMN sync.walk.run_id IS 'The run.';
COMMENT ON COLUMN sync.walk.source IS 'The source.';
COMMENT ON COLUMN sync.walk.listing IS 'What was walked: a floLIVE customer''s UUID, or subscribers (IoT-X).';
COMMENT ON COLUMN sync.walk.verdict IS 'complete, or the reason why the walk is not proved to be.';
COMMENT ON COLUMN sync.walk.declared IS 'What the provider announced (totalRecordAmount) in the last session; null where it announces nothing.';
COMMENT ON COLUMN sync.walk.distinct_records IS 'Different records of the last session.';
COMMENT ON COLUMN sync.walk.repeated IS 'Records that came more than once in the last session.';
COMMENT ON COLUMN sync.walk.sessions IS 'floLIVE: PIT sessions opened. IoT-X: one, and one more each time that reading went back after drift.';
COMMENT ON COLUMN sync.walk.requests IS 'Requests sent for this walk, repeats included.';
COMMENT ON COLUMN sync.walk.started_at IS 'When the walk began.';
COMMENT ON COLUMN sync.walk.finished_at IS 'When the walk ended.';

CREATE TABLE sync.reject (
    reject_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id       uuid NOT NULL,
    source       text COLLATE "C" NOT NULL,
    listing      text COLLATE "C" NOT NULL,
    is_whole     boolean NOT NULL,
    subject      text,
    field        text,
    reason       text NOT NULL,
    record       text,
    record_bytes bytea,
    rejected_at  timestamptz NOT NULL,
    FOREIGN KEY (run_id, source) REFERENCES sync.run ON DELETE CASCADE,
    CONSTRAINT reject_record CHECK (num_nonnulls(record, record_bytes) = 1)
);
CREATE INDEX reject_run_idx ON sync.reject (run_id, source);
COMMENT ON TABLE sync.reject IS 'One row per record that could not be a row, and per pair or field refused in one that could. Nothing received is lost: the record is kept whole.';
COMMENT ON COLUMN sync.reject.reject_id IS 'Key.';
COMMENT ON COLUMN sync.reject.run_id IS 'The run.';
COMMENT ON COLUMN sync.reject.source IS 'The source.';
COMMENT ON COLUMN sync.reject.listing IS 'The listing that the record came in.';
COMMENT ON COLUMN sync.reject.is_whole IS 'True: the record gave no row. False: only the field named was refused.';
COMMENT ON COLUMN sync.reject.subject IS 'What of the record''s identity could be read; null where nothing could.';
COMMENT ON COLUMN sync.reject.field IS 'The member at fault, as the provider words it; null for the record as such.';
COMMENT ON COLUMN sync.reject.reason IS 'Why it was refused.';
COMMENT ON COLUMN sync.reject.record IS 'The record whole, as received; null where it is not text that PostgreSQL can hold.';
COMMENT ON COLUMN sync.reject.record_bytes IS 'The record whole, as received, where it is not valid text; else null.';
COMMENT ON COLUMN sync.reject.rejected_at IS 'When the run''s result was promoted.';

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM sync.run) THEN
        RAISE EXCEPTION 'sync.run is not empty: migrating down would lose the ledger and the rejects'
            USING HINT = 'To lose them on purpose: DROP SCHEMA fleet CASCADE; DROP SCHEMA sync CASCADE;';
    END IF;
END
$$;
-- +goose StatementEnd
DROP TABLE sync.reject;
DROP TABLE sync.walk;
DROP TABLE sync.run;
COMMENT ON SCHEMA sync IS NULL;
COMMENT ON TABLE sync.schema_version IS NULL;
COMMENT ON COLUMN sync.schema_version.id IS NULL;
COMMENT ON COLUMN sync.schema_version.version_id IS NULL;
COMMENT ON COLUMN sync.schema_version.is_applied IS NULL;
COMMENT ON COLUMN sync.schema_version.tstamp IS NULL;
