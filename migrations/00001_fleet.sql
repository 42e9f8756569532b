-- The published schema `fleet`: what the providers said, in canonical form.
--
-- Identifier columns are text with COLLATE "C": leading zeros matter, nothing is
-- ever sorted by a language's rules, and building their indexes is 20 to 40 %
-- cheaper.

-- +goose Up
CREATE SCHEMA fleet;
COMMENT ON SCHEMA fleet IS 'The fleet as the providers tell it: the published interface for analysts. A source changes in one transaction: no query sees half a sync.';

-- One value reserves 1000 keys, sparing a round trip a subscriber; gaps mean nothing.
CREATE SEQUENCE fleet.subscriber_key_block INCREMENT BY 1000;
COMMENT ON SEQUENCE fleet.subscriber_key_block IS 'Each value v reserves the subscriber keys v to v + 999 for one run. Gaps between keys mean nothing.';

CREATE TABLE fleet.customer (
    source      text COLLATE "C" NOT NULL,
    customer_id uuid NOT NULL,
    name        text,
    PRIMARY KEY (source, customer_id)
);
COMMENT ON TABLE fleet.customer IS 'One row per customer of a source, as last named by a subscriber''s record.';
COMMENT ON COLUMN fleet.customer.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.customer.customer_id IS 'The provider''s customer ID (floLIVE customerId).';
COMMENT ON COLUMN fleet.customer.name IS 'The provider''s name of the customer (floLIVE customerName); null where it gave none.';

CREATE TABLE fleet.subscriber (
    subscriber_key       bigint PRIMARY KEY,
    source               text COLLATE "C" NOT NULL,
    subscriber_id        text COLLATE "C",
    physical_id          text COLLATE "C",
    kind                 text COLLATE "C" NOT NULL,
    iccid                text COLLATE "C",
    eid                  text COLLATE "C",
    imei                 text COLLATE "C",
    imeisv               text COLLATE "C",
    eui                  text COLLATE "C",
    status               text COLLATE "C" NOT NULL,
    provider_status      text,
    customer_id          uuid,
    nickname             text,
    parent_key           bigint REFERENCES fleet.subscriber,
    is_enabled_on_parent boolean,
    flags                text[] NOT NULL,
    extra                jsonb,
    first_seen_at        timestamptz NOT NULL,
    changed_at           timestamptz NOT NULL,
    removed_at           timestamptz,
    content_hash         bigint NOT NULL,
    CONSTRAINT subscriber_kind CHECK (kind IN ('cellular', 'non_ip', 'satellite', 'unknown')),
    CONSTRAINT subscriber_status CHECK (status IN ('active', 'suspended', 'inactive', 'terminated', 'unknown')),
    CONSTRAINT subscriber_identity CHECK (physical_id IS NOT NULL OR (subscriber_id IS NOT NULL AND iccid IS NOT NULL)),
    CONSTRAINT subscriber_not_own_parent CHECK (parent_key <> subscriber_key),
    CONSTRAINT subscriber_iccid CHECK (iccid ~ '^[0-9]{18,22}$'),
    CONSTRAINT subscriber_eid CHECK (eid ~ '^[0-9]{32}$'),
    CONSTRAINT subscriber_imei CHECK (imei ~ '^[0-9]{14,15}$'),
    CONSTRAINT subscriber_imeisv CHECK (imeisv ~ '^[0-9]{16}$'),
    CONSTRAINT subscriber_eui CHECK (eui ~ '^[0-9a-f]{16}$')
);
CREATE UNIQUE INDEX subscriber_flolive_identity ON fleet.subscriber (subscriber_id, iccid, source) WHERE physical_id IS NULL;
CREATE UNIQUE INDEX subscriber_iotx_identity ON fleet.subscriber (physical_id, source) WHERE physical_id IS NOT NULL;
CREATE INDEX subscriber_iccid_idx ON fleet.subscriber (iccid);
CREATE INDEX subscriber_imei_idx ON fleet.subscriber (imei) WHERE imei IS NOT NULL;
CREATE INDEX subscriber_eid_idx ON fleet.subscriber (eid) WHERE eid IS NOT NULL;
CREATE INDEX subscriber_customer_idx ON fleet.subscriber (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX subscriber_parent_idx ON fleet.subscriber (parent_key) WHERE parent_key IS NOT NULL;
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

CREATE TABLE fleet.subscriber_imsi (
    subscriber_key bigint NOT NULL REFERENCES fleet.subscriber,
    ordinal        smallint NOT NULL,
    imsi           text COLLATE "C" NOT NULL,
    msisdn         text COLLATE "C",
    is_last_active boolean NOT NULL,
    PRIMARY KEY (subscriber_key, ordinal),
    CONSTRAINT subscriber_imsi_ordinal CHECK (ordinal >= 0),
    CONSTRAINT subscriber_imsi_imsi CHECK (imsi ~ '^[0-9]{6,15}$'),
    CONSTRAINT subscriber_imsi_msisdn CHECK (msisdn ~ '^[1-9][0-9]{4,14}$')
);
CREATE INDEX subscriber_imsi_imsi_idx ON fleet.subscriber_imsi (imsi);
CREATE INDEX subscriber_imsi_msisdn_idx ON fleet.subscriber_imsi (msisdn) WHERE msisdn IS NOT NULL;
COMMENT ON TABLE fleet.subscriber_imsi IS 'One row per IMSI of a subscriber, with its MSISDN, in the provider''s order. An IMSI may belong to several subscribers. IoT-X cellular: one row, active.';
COMMENT ON COLUMN fleet.subscriber_imsi.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.subscriber_imsi.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.subscriber_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits.';
COMMENT ON COLUMN fleet.subscriber_imsi.msisdn IS 'Phone number (E.164) without +, 5 to 15 digits; null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.subscriber_imsi.is_last_active IS 'Whether this is the IMSI last known as active. At most one of a subscriber is; where the provider marks several, none is and the subscriber has the flag many_active.';

CREATE TABLE fleet.contract (
    subscriber_key    bigint PRIMARY KEY REFERENCES fleet.subscriber,
    operator_code     text,
    operator_name     text,
    tariff_name       text,
    line_rental_minor bigint,
    connected_at      timestamptz,
    expires_at        timestamptz,
    terminated_at     timestamptz,
    contract_months   integer,
    is_active         boolean,
    is_barred         boolean,
    group_id          bigint,
    data_number       text,
    subscription_id   text COLLATE "C",
    subscriber_type   text,
    smdp_provider     text
);
CREATE INDEX contract_expires_idx ON fleet.contract (expires_at) WHERE expires_at IS NOT NULL;
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

CREATE TABLE fleet.network_state (
    subscriber_key   bigint PRIMARY KEY REFERENCES fleet.subscriber,
    is_online        boolean,
    is_transferring  boolean,
    data_usage_bytes bigint,
    observed_at      timestamptz NOT NULL,
    CONSTRAINT network_state_usage CHECK (data_usage_bytes >= 0)
) WITH (fillfactor = 70); -- rewritten every night: room for the new version on the old one's page
COMMENT ON TABLE fleet.network_state IS 'One row per IoT-X subscriber: the latest observation. Observations never make a subscriber changed and have no history here; data_usage keeps a row a day.';
COMMENT ON COLUMN fleet.network_state.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.network_state.is_online IS 'IoT-X networkState.isOnline when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.is_transferring IS 'IoT-X networkState.isTransferring when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.data_usage_bytes IS 'IoT-X dataUsage: bytes sent and received in the current billing period when observed; null where not told.';
COMMENT ON COLUMN fleet.network_state.observed_at IS 'When the provider''s answer was received.';

CREATE TABLE fleet.data_usage (
    subscriber_key   bigint NOT NULL REFERENCES fleet.subscriber,
    day              date NOT NULL,
    data_usage_bytes bigint NOT NULL,
    observed_at      timestamptz NOT NULL,
    PRIMARY KEY (subscriber_key, day),
    CONSTRAINT data_usage_bytes CHECK (data_usage_bytes >= 0),
    CONSTRAINT data_usage_day CHECK (day = (observed_at AT TIME ZONE 'UTC')::date)
) PARTITION BY RANGE (day);
COMMENT ON TABLE fleet.data_usage IS 'One row per IoT-X subscriber and UTC day: the day''s last observation of the counter of the billing period. The counter falls back when a billing period begins. Partitioned by month.';
COMMENT ON COLUMN fleet.data_usage.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.data_usage.day IS 'The UTC day of the observation.';
COMMENT ON COLUMN fleet.data_usage.data_usage_bytes IS 'IoT-X dataUsage: bytes sent and received in the billing period so far.';
COMMENT ON COLUMN fleet.data_usage.observed_at IS 'When the provider''s answer was received: a day''s row gives way to a later answer only.';

-- Whoever syncs need not own the table to open a new month: the function does it
-- with its owner's rights, and can do nothing else.
-- +goose StatementBegin
CREATE FUNCTION sync.make_usage_partition(a_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION sync.make_usage_partition IS 'Makes the partition of fleet.data_usage that holds a_day, a UTC day, unless it is there.';

CREATE TABLE fleet.subscriber_history (
    subscriber_key       bigint NOT NULL REFERENCES fleet.subscriber,
    valid_from           timestamptz NOT NULL,
    valid_to             timestamptz NOT NULL,
    run_id               uuid NOT NULL,
    source               text COLLATE "C" NOT NULL,
    subscriber_id        text COLLATE "C",
    physical_id          text COLLATE "C",
    kind                 text COLLATE "C" NOT NULL,
    iccid                text COLLATE "C",
    eid                  text COLLATE "C",
    imei                 text COLLATE "C",
    imeisv               text COLLATE "C",
    eui                  text COLLATE "C",
    status               text COLLATE "C" NOT NULL,
    provider_status      text,
    customer_id          uuid,
    nickname             text,
    parent_key           bigint,
    is_enabled_on_parent boolean,
    flags                text[] NOT NULL,
    extra                jsonb,
    removed_at           timestamptz,
    imsi_pairs           jsonb NOT NULL,
    contract             jsonb,
    PRIMARY KEY (subscriber_key, valid_from),
    CONSTRAINT subscriber_history_period CHECK (valid_from < valid_to)
);
CREATE INDEX subscriber_history_valid_to_idx ON fleet.subscriber_history (valid_to);
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

-- The analysts' role belongs to the whole server, so it may exist already, another
-- database may create it at this moment, and creating it may be denied: then a DBA
-- creates it and grants the same.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'simsync_analyst') THEN
        BEGIN
            CREATE ROLE simsync_analyst NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another was first
        END;
    END IF;
    GRANT USAGE ON SCHEMA fleet TO simsync_analyst;
    GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO simsync_analyst;
    ALTER DEFAULT PRIVILEGES IN SCHEMA fleet GRANT SELECT ON TABLES TO simsync_analyst;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'role simsync_analyst was not created, for this role may not'
            USING HINT = 'A superuser: CREATE ROLE simsync_analyst NOLOGIN. Then this role: GRANT USAGE ON SCHEMA fleet TO simsync_analyst; GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO simsync_analyst; ALTER DEFAULT PRIVILEGES IN SCHEMA fleet GRANT SELECT ON TABLES TO simsync_analyst;';
END
$$;
-- +goose StatementEnd

-- +goose Down
-- What the fleet was like on a past day cannot be had back from any provider: a
-- database that holds a fleet is not emptied by a command meant for schemas.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM fleet.subscriber) THEN
        RAISE EXCEPTION 'fleet.subscriber is not empty: migrating down would lose the fleet and its history'
            USING HINT = 'To lose them on purpose: DROP SCHEMA fleet CASCADE; DROP SCHEMA sync CASCADE;';
    END IF;
END
$$;
-- +goose StatementEnd
DROP FUNCTION sync.make_usage_partition;
DROP SCHEMA fleet CASCADE;
