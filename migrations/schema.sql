-- The schema that the migrations beside this file add up to, read from the catalogue
-- of a migrated database: for reading, not for running. make schema rewrites it.

CREATE SCHEMA fleet;
COMMENT ON SCHEMA fleet IS 'The fleet as the providers tell it: the published interface for analysts. A source changes in one transaction: no query sees half a sync.';
GRANT USAGE ON SCHEMA fleet TO simsync_analyst;
ALTER DEFAULT PRIVILEGES IN SCHEMA fleet GRANT SELECT ON TABLES TO simsync_analyst;

CREATE SEQUENCE fleet.subscriber_key_block AS bigint START 1 INCREMENT 1000;
COMMENT ON SEQUENCE fleet.subscriber_key_block IS 'Each value v reserves the subscriber keys v to v + 999 for one run. Gaps between keys mean nothing.';

CREATE TABLE fleet.contract (
    subscriber_key bigint NOT NULL,
    operator_code text,
    operator_name text,
    tariff_name text,
    line_rental_minor bigint,
    connected_at timestamp with time zone,
    expires_at timestamp with time zone,
    terminated_at timestamp with time zone,
    contract_months integer,
    is_active boolean,
    is_barred boolean,
    group_id bigint,
    data_number text,
    subscription_id text COLLATE "C",
    subscriber_type text,
    smdp_provider text,
    CONSTRAINT contract_pkey PRIMARY KEY (subscriber_key),
    CONSTRAINT contract_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX contract_expires_idx ON fleet.contract USING btree (expires_at) WHERE (expires_at IS NOT NULL);
COMMENT ON TABLE fleet.contract IS 'One row per IoT-X subscriber: its commercial terms.';
COMMENT ON COLUMN fleet.contract.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.contract.operator_code IS 'IoT-X operatorCode: names the operator uniquely.';
COMMENT ON COLUMN fleet.contract.operator_name IS 'IoT-X operatorName.';
COMMENT ON COLUMN fleet.contract.tariff_name IS 'IoT-X tariffName.';
COMMENT ON COLUMN fleet.contract.line_rental_minor IS 'IoT-X lineRental: the recurring fee in pence, or the smallest unit of the tariff''s currency, which the provider does not name.';
COMMENT ON COLUMN fleet.contract.connected_at IS 'IoT-X connectionDate: start of the contract. UTC where the provider names no zone.';
COMMENT ON COLUMN fleet.contract.expires_at IS 'IoT-X expiryDate: end of the contract.';
COMMENT ON COLUMN fleet.contract.terminated_at IS 'IoT-X terminateDate: when the contract was or will be terminated; null for an active subscriber.';
COMMENT ON COLUMN fleet.contract.contract_months IS 'IoT-X contractLength, in months.';
COMMENT ON COLUMN fleet.contract.is_active IS 'IoT-X isActive; null where it could not be read.';
COMMENT ON COLUMN fleet.contract.is_barred IS 'IoT-X isBarred; null where it could not be read.';
COMMENT ON COLUMN fleet.contract.group_id IS 'IoT-X groupId; null for a subscriber in no group.';
COMMENT ON COLUMN fleet.contract.data_number IS 'IoT-X dataNumber, where Circuit Switched Data is used; else null.';
COMMENT ON COLUMN fleet.contract.subscription_id IS 'A satellite subscriber''s subscription ID (IoT-X subscriberId); else null.';
COMMENT ON COLUMN fleet.contract.subscriber_type IS 'IoT-X subscriberType: physical or virtual.';
COMMENT ON COLUMN fleet.contract.smdp_provider IS 'IoT-X smdpProvider: the SM-DP provider of an eUICC SIM or eSIM profile; else null.';
GRANT SELECT ON fleet.contract TO simsync_analyst;

CREATE TABLE fleet.customer (
    source text COLLATE "C" NOT NULL,
    customer_id uuid NOT NULL,
    name text,
    CONSTRAINT customer_pkey PRIMARY KEY (source, customer_id)
);
COMMENT ON TABLE fleet.customer IS 'One row per customer of a source, as last named by a subscriber''s record.';
COMMENT ON COLUMN fleet.customer.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.customer.customer_id IS 'The provider''s customer ID (floLIVE customerId).';
COMMENT ON COLUMN fleet.customer.name IS 'The provider''s name of the customer (floLIVE customerName); null where it gave none.';
GRANT SELECT ON fleet.customer TO simsync_analyst;

CREATE TABLE fleet.data_usage (
    subscriber_key bigint NOT NULL,
    day date NOT NULL,
    data_usage_bytes bigint NOT NULL,
    observed_at timestamp with time zone NOT NULL,
    CONSTRAINT data_usage_pkey PRIMARY KEY (subscriber_key, day),
    CONSTRAINT data_usage_bytes CHECK ((data_usage_bytes >= 0)),
    CONSTRAINT data_usage_day CHECK ((day = ((observed_at AT TIME ZONE 'UTC'::text))::date)),
    CONSTRAINT data_usage_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
) PARTITION BY RANGE (day);
COMMENT ON TABLE fleet.data_usage IS 'One row per IoT-X subscriber and UTC day: the day''s last observation of the counter of the billing period. The counter falls back when a billing period begins. Partitioned by month.';
COMMENT ON COLUMN fleet.data_usage.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.data_usage.day IS 'The UTC day of the observation.';
COMMENT ON COLUMN fleet.data_usage.data_usage_bytes IS 'IoT-X dataUsage: bytes sent and received in the billing period so far.';
COMMENT ON COLUMN fleet.data_usage.observed_at IS 'When the provider''s answer was received: a day''s row gives way to a later answer only.';
GRANT SELECT ON fleet.data_usage TO simsync_analyst;

CREATE TABLE fleet.network_state (
    subscriber_key bigint NOT NULL,
    is_online boolean,
    is_transferring boolean,
    data_usage_bytes bigint,
    observed_at timestamp with time zone NOT NULL,
    CONSTRAINT network_state_pkey PRIMARY KEY (subscriber_key),
    CONSTRAINT network_state_usage CHECK ((data_usage_bytes >= 0)),
    CONSTRAINT network_state_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
) WITH (fillfactor=70);
COMMENT ON TABLE fleet.network_state IS 'One row per IoT-X subscriber: the latest observation. Observations never make a subscriber changed and have no history here; data_usage keeps a row a day.';
COMMENT ON COLUMN fleet.network_state.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.network_state.is_online IS 'IoT-X networkState.isOnline when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.is_transferring IS 'IoT-X networkState.isTransferring when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.data_usage_bytes IS 'IoT-X dataUsage: bytes sent and received in the current billing period when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.observed_at IS 'When the provider''s answer was received.';
GRANT SELECT ON fleet.network_state TO simsync_analyst;

CREATE TABLE fleet.subscriber (
    subscriber_key bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    subscriber_id text COLLATE "C",
    physical_id text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    iccid text COLLATE "C",
    eid text COLLATE "C",
    imei text COLLATE "C",
    imeisv text COLLATE "C",
    eui text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    provider_status text,
    customer_id uuid,
    nickname text,
    parent_key bigint,
    is_enabled_on_parent boolean,
    flags text[] NOT NULL,
    extra jsonb,
    first_seen_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    content_hash bigint NOT NULL,
    CONSTRAINT subscriber_pkey PRIMARY KEY (subscriber_key),
    CONSTRAINT subscriber_eid CHECK ((eid ~ '^[0-9]{32}$'::text)),
    CONSTRAINT subscriber_eui CHECK ((eui ~ '^[0-9a-f]{16}$'::text)),
    CONSTRAINT subscriber_iccid CHECK ((iccid ~ '^[0-9]{18,22}$'::text)),
    CONSTRAINT subscriber_identity CHECK (((physical_id IS NOT NULL) OR ((subscriber_id IS NOT NULL) AND (iccid IS NOT NULL)))),
    CONSTRAINT subscriber_imei CHECK ((imei ~ '^[0-9]{14,15}$'::text)),
    CONSTRAINT subscriber_imeisv CHECK ((imeisv ~ '^[0-9]{16}$'::text)),
    CONSTRAINT subscriber_kind CHECK ((kind = ANY (ARRAY['cellular'::text, 'non_ip'::text, 'satellite'::text, 'unknown'::text]))),
    CONSTRAINT subscriber_not_own_parent CHECK ((parent_key <> subscriber_key)),
    CONSTRAINT subscriber_status CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'inactive'::text, 'terminated'::text, 'unknown'::text]))),
    CONSTRAINT subscriber_parent_key_fkey FOREIGN KEY (parent_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX subscriber_customer_idx ON fleet.subscriber USING btree (customer_id) WHERE (customer_id IS NOT NULL);
CREATE INDEX subscriber_eid_idx ON fleet.subscriber USING btree (eid) WHERE (eid IS NOT NULL);
CREATE UNIQUE INDEX subscriber_flolive_identity ON fleet.subscriber USING btree (subscriber_id, iccid, source) WHERE (physical_id IS NULL);
CREATE INDEX subscriber_iccid_idx ON fleet.subscriber USING btree (iccid);
CREATE INDEX subscriber_imei_idx ON fleet.subscriber USING btree (imei) WHERE (imei IS NOT NULL);
CREATE UNIQUE INDEX subscriber_iotx_identity ON fleet.subscriber USING btree (physical_id, source) WHERE (physical_id IS NOT NULL);
CREATE INDEX subscriber_parent_idx ON fleet.subscriber USING btree (parent_key) WHERE (parent_key IS NOT NULL);
COMMENT ON TABLE fleet.subscriber IS 'One row per subscriber and SIM, also removed ones (removed_at is set). floLIVE: one per subscriberId and ICCID; IoT-X: one per physicalId. A removed subscriber that comes back is live again under its old key.';
COMMENT ON COLUMN fleet.subscriber.subscriber_key IS 'Our key, the same for ever, never given to another subscriber.';
COMMENT ON COLUMN fleet.subscriber.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.subscriber.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID, part of the identity. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change.';
COMMENT ON COLUMN fleet.subscriber.physical_id IS 'IoT-X physicalId in the provider''s own spelling: the identity there. Null at floLIVE.';
COMMENT ON COLUMN fleet.subscriber.kind IS 'cellular, non_ip, satellite or unknown. floLIVE: always cellular. IoT-X: told from the form of physicalId.';
COMMENT ON COLUMN fleet.subscriber.iccid IS 'SIM card serial number (E.118), 18 to 22 digits. Null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber.eid IS 'eUICC identifier (SGP.29), 32 digits. Null where the SIM is no eUICC, or the provider''s list does not say (floLIVE).';
COMMENT ON COLUMN fleet.subscriber.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14. Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber.imeisv IS 'Device identity with software version (TS 23.003), 16 digits. Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber.eui IS 'Device EUI of a non-IP subscriber, 16 hexadecimal digits in lower case; else null.';
COMMENT ON COLUMN fleet.subscriber.status IS 'active, suspended, inactive, terminated or unknown. floLIVE: from status. IoT-X: from terminateDate, isBarred and isActive, the first that holds.';
COMMENT ON COLUMN fleet.subscriber.provider_status IS 'The provider''s own word for the status, verbatim; null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber.customer_id IS 'The customer that the subscriber is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.subscriber.nickname IS 'The name given to the subscriber (IoT-X nickname); null where none.';
COMMENT ON COLUMN fleet.subscriber.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X related.parent, or the place inside the parent''s profiles); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.subscriber.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent; null where not told.';
COMMENT ON COLUMN fleet.subscriber.flags IS 'What is odd about the row, sorted: failed checks (iccid_luhn, eid_check), refused parts (imei_rejected). Empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.subscriber.extra IS 'Members that the provider sent and no column holds, as an object; null where there are none.';
COMMENT ON COLUMN fleet.subscriber.first_seen_at IS 'When a sync first found the subscriber.';
COMMENT ON COLUMN fleet.subscriber.changed_at IS 'Since when the row is as it is: when a sync last found it new, changed, removed or returned.';
COMMENT ON COLUMN fleet.subscriber.removed_at IS 'When a complete sync no longer found the subscriber; null while it is live.';
COMMENT ON COLUMN fleet.subscriber.content_hash IS 'The program''s own: a hash of the record''s content, by which an unchanged one is recognised.';
GRANT SELECT ON fleet.subscriber TO simsync_analyst;

CREATE TABLE fleet.subscriber_history (
    subscriber_key bigint NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone NOT NULL,
    run_id uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    subscriber_id text COLLATE "C",
    physical_id text COLLATE "C",
    kind text COLLATE "C" NOT NULL,
    iccid text COLLATE "C",
    eid text COLLATE "C",
    imei text COLLATE "C",
    imeisv text COLLATE "C",
    eui text COLLATE "C",
    status text COLLATE "C" NOT NULL,
    provider_status text,
    customer_id uuid,
    nickname text,
    parent_key bigint,
    is_enabled_on_parent boolean,
    flags text[] NOT NULL,
    extra jsonb,
    removed_at timestamp with time zone,
    imsi_pairs jsonb NOT NULL,
    contract jsonb,
    CONSTRAINT subscriber_history_pkey PRIMARY KEY (subscriber_key, valid_from),
    CONSTRAINT subscriber_history_period CHECK ((valid_from < valid_to)),
    CONSTRAINT subscriber_history_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX subscriber_history_valid_to_idx ON fleet.subscriber_history USING btree (valid_to);
COMMENT ON TABLE fleet.subscriber_history IS 'One row per superseded version of a subscriber: as it was from valid_from until valid_to. The version in force is in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.valid_from IS 'Since when the subscriber was so (inclusive).';
COMMENT ON COLUMN fleet.subscriber_history.valid_to IS 'Until when the subscriber was so (exclusive): when a sync found it otherwise.';
COMMENT ON COLUMN fleet.subscriber_history.run_id IS 'The run that superseded this version (sync.run).';
COMMENT ON COLUMN fleet.subscriber_history.source IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.subscriber_id IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.physical_id IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.kind IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.iccid IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.eid IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.imei IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.imeisv IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.eui IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.status IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.provider_status IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.customer_id IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.nickname IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.parent_key IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.is_enabled_on_parent IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.flags IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.extra IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_history.removed_at IS 'When the subscriber had been removed; null where this version was live.';
COMMENT ON COLUMN fleet.subscriber_history.imsi_pairs IS 'The rows of fleet.subscriber_imsi that belonged to this version: an array of {imsi, msisdn, is_last_active} in order, empty where there were none.';
COMMENT ON COLUMN fleet.subscriber_history.contract IS 'The row of fleet.contract that belonged to this version, by column name; null where there was none (floLIVE).';
GRANT SELECT ON fleet.subscriber_history TO simsync_analyst;

CREATE TABLE fleet.subscriber_imsi (
    subscriber_key bigint NOT NULL,
    ordinal smallint NOT NULL,
    imsi text COLLATE "C" NOT NULL,
    msisdn text COLLATE "C",
    is_last_active boolean NOT NULL,
    CONSTRAINT subscriber_imsi_pkey PRIMARY KEY (subscriber_key, ordinal),
    CONSTRAINT subscriber_imsi_imsi CHECK ((imsi ~ '^[0-9]{6,15}$'::text)),
    CONSTRAINT subscriber_imsi_msisdn CHECK ((msisdn ~ '^[1-9][0-9]{4,14}$'::text)),
    CONSTRAINT subscriber_imsi_ordinal CHECK ((ordinal >= 0)),
    CONSTRAINT subscriber_imsi_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX subscriber_imsi_imsi_idx ON fleet.subscriber_imsi USING btree (imsi);
CREATE INDEX subscriber_imsi_msisdn_idx ON fleet.subscriber_imsi USING btree (msisdn) WHERE (msisdn IS NOT NULL);
COMMENT ON TABLE fleet.subscriber_imsi IS 'One row per IMSI of a subscriber, with its MSISDN, in the provider''s order. An IMSI may belong to several subscribers. IoT-X cellular: one row, active.';
COMMENT ON COLUMN fleet.subscriber_imsi.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.subscriber_imsi.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.subscriber_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits.';
COMMENT ON COLUMN fleet.subscriber_imsi.msisdn IS 'Phone number (E.164) without +, 5 to 15 digits; null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.subscriber_imsi.is_last_active IS 'Whether this is the IMSI last known as active. At most one of a subscriber is; where the provider marks several, none is and the subscriber has the flag many_active.';
GRANT SELECT ON fleet.subscriber_imsi TO simsync_analyst;

CREATE SCHEMA sync;
COMMENT ON SCHEMA sync IS 'The program''s own: the ledger of runs, walks and rejects.';

CREATE TABLE sync.reject (
    reject_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    run_id uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    listing text COLLATE "C" NOT NULL,
    is_whole boolean NOT NULL,
    subject text,
    field text,
    reason text NOT NULL,
    record text,
    record_bytes bytea,
    rejected_at timestamp with time zone NOT NULL,
    CONSTRAINT reject_pkey PRIMARY KEY (reject_id),
    CONSTRAINT reject_record CHECK ((num_nonnulls(record, record_bytes) = 1)),
    CONSTRAINT reject_run_id_source_fkey FOREIGN KEY (run_id, source) REFERENCES sync.run(run_id, source) ON DELETE CASCADE
);
CREATE INDEX reject_run_idx ON sync.reject USING btree (run_id, source);
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

CREATE TABLE sync.run (
    run_id uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    command text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome text COLLATE "C",
    exit_code smallint,
    error text,
    version text NOT NULL,
    declared bigint,
    records bigint,
    inserted bigint,
    updated bigint,
    unchanged bigint,
    repeated bigint,
    rejected bigint,
    rejected_parts bigint,
    removed bigint,
    requests bigint,
    retries bigint,
    bytes bigint,
    CONSTRAINT run_pkey PRIMARY KEY (run_id, source),
    CONSTRAINT run_balance CHECK ((records = ((((inserted + updated) + unchanged) + repeated) + rejected))),
    CONSTRAINT run_closed CHECK ((((finished_at IS NULL) = (outcome IS NULL)) AND ((outcome IS NULL) = (exit_code IS NULL)))),
    CONSTRAINT run_counts CHECK ((LEAST(declared, records, inserted, updated, unchanged, repeated, rejected, rejected_parts, removed, requests, retries, bytes) >= 0)),
    CONSTRAINT run_outcome CHECK ((outcome = ANY (ARRAY['ok'::text, 'incomplete'::text, 'held_back'::text, 'failed'::text, 'interrupted'::text])))
);
CREATE INDEX run_started_idx ON sync.run USING btree (started_at);
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

CREATE TABLE sync.schema_version (
    id integer NOT NULL GENERATED BY DEFAULT AS IDENTITY,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone NOT NULL DEFAULT now(),
    CONSTRAINT schema_version_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE sync.schema_version IS 'One row per migration applied, written by goose.';
COMMENT ON COLUMN sync.schema_version.id IS 'Key.';
COMMENT ON COLUMN sync.schema_version.version_id IS 'The migration''s number; 0 is the table''s own making.';
COMMENT ON COLUMN sync.schema_version.is_applied IS 'Always true: a migration taken back leaves no row.';
COMMENT ON COLUMN sync.schema_version.tstamp IS 'When it was applied: the server''s local time.';

CREATE TABLE sync.walk (
    run_id uuid NOT NULL,
    source text COLLATE "C" NOT NULL,
    listing text COLLATE "C" NOT NULL,
    verdict text COLLATE "C" NOT NULL,
    declared bigint,
    distinct_records bigint NOT NULL,
    repeated bigint NOT NULL,
    sessions integer NOT NULL,
    requests bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone NOT NULL,
    CONSTRAINT walk_pkey PRIMARY KEY (run_id, source, listing),
    CONSTRAINT walk_run_id_source_fkey FOREIGN KEY (run_id, source) REFERENCES sync.run(run_id, source) ON DELETE CASCADE
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

CREATE OR REPLACE FUNCTION sync.make_usage_partition(a_day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    from_day date := date_trunc('month', a_day::timestamp)::date;
    until_day date := (date_trunc('month', a_day::timestamp) + interval '1 month')::date;
    partition text := 'data_usage_' || to_char(a_day, 'YYYY_MM');
BEGIN
    IF EXISTS (SELECT FROM pg_tables WHERE schemaname = 'fleet' AND tablename = partition) THEN
        RETURN; -- another source was first
    END IF;
    -- Attaching lets readers and writers of the table go on; creating it as a partition would not.
    EXECUTE format('CREATE TABLE fleet.%I (LIKE fleet.data_usage INCLUDING ALL)', partition);
    EXECUTE format('COMMENT ON TABLE fleet.%I IS %L', partition, format('fleet.data_usage from %s until before %s.', from_day, until_day));
    EXECUTE format('ALTER TABLE fleet.data_usage ATTACH PARTITION fleet.%I FOR VALUES FROM (%L) TO (%L)', partition, from_day, until_day);
END
$function$;
COMMENT ON FUNCTION sync.make_usage_partition(date) IS 'Makes the partition of fleet.data_usage that holds a_day, a UTC day, unless it is there.';
