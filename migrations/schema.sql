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
COMMENT ON COLUMN fleet.contract.subscriber_key IS 'Whose contract it is.';
COMMENT ON COLUMN fleet.contract.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told.';
COMMENT ON COLUMN fleet.contract.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told.';
COMMENT ON COLUMN fleet.contract.tariff_name IS 'The tariff that the subscriber is billed by (IoT-X tariffName); null where not told.';
COMMENT ON COLUMN fleet.contract.line_rental_minor IS 'The recurring fee (IoT-X lineRental) in pence, or the smallest unit of the tariff''s currency, which the provider does not name; null where not told.';
COMMENT ON COLUMN fleet.contract.connected_at IS 'When the contract began (IoT-X connectionDate): UTC where the provider names no zone; null where not told.';
COMMENT ON COLUMN fleet.contract.expires_at IS 'When the contract ends (IoT-X expiryDate): UTC where the provider names no zone; null where not told.';
COMMENT ON COLUMN fleet.contract.terminated_at IS 'When the contract was or will be terminated (IoT-X terminateDate); null where the provider gave none. A time that is past with is_active true is a contradiction of the provider''s: status is terminated then, and the subscriber has the flag status_contradiction.';
COMMENT ON COLUMN fleet.contract.contract_months IS 'Agreed length of the contract in months (IoT-X contractLength); null where not told.';
COMMENT ON COLUMN fleet.contract.is_active IS 'Whether the provider calls the subscriber active (IoT-X isActive): one of three that fleet.subscriber.status is told from; null where not told.';
COMMENT ON COLUMN fleet.contract.is_barred IS 'Whether the subscriber is barred from the network (IoT-X isBarred), which makes its status suspended; null where not told.';
COMMENT ON COLUMN fleet.contract.group_id IS 'Number of the provider''s group that the subscriber is in (IoT-X groupId); null for a subscriber in no group.';
COMMENT ON COLUMN fleet.contract.data_number IS 'Number for Circuit Switched Data (IoT-X dataNumber); null where that is not used.';
COMMENT ON COLUMN fleet.contract.subscription_id IS 'Names the subscription of a satellite subscriber (IoT-X subscriberId); null for others.';
COMMENT ON COLUMN fleet.contract.subscriber_type IS 'physical or virtual, in the provider''s spelling (IoT-X subscriberType); null where not told.';
COMMENT ON COLUMN fleet.contract.smdp_provider IS 'Who runs the SM-DP of an eUICC SIM or eSIM profile (IoT-X smdpProvider); null for others.';
COMMENT ON CONSTRAINT contract_pkey ON fleet.contract IS 'A subscriber has one contract.';
COMMENT ON CONSTRAINT contract_subscriber_key_fkey ON fleet.contract IS 'The contract is that of a subscriber that is there.';
COMMENT ON INDEX fleet.contract_expires_idx IS 'Finds the contracts that end in a span of time.';
GRANT SELECT ON fleet.contract TO simsync_analyst;

CREATE TABLE fleet.customer (
    source text COLLATE "C" NOT NULL,
    customer_id uuid NOT NULL,
    name text,
    CONSTRAINT customer_pkey PRIMARY KEY (source, customer_id)
);
COMMENT ON TABLE fleet.customer IS 'One row per customer of a source, as last named by a subscriber''s record.';
COMMENT ON COLUMN fleet.customer.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.customer.customer_id IS 'The UUID that the provider knows the customer by (floLIVE customerId).';
COMMENT ON COLUMN fleet.customer.name IS 'What the provider calls the customer (floLIVE customerName); null where it gave no name.';
COMMENT ON CONSTRAINT customer_pkey ON fleet.customer IS 'A source has a customer once; two sources may know the same one.';
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
CREATE INDEX data_usage_day_idx ON ONLY fleet.data_usage USING brin (day) WITH (autosummarize='on');
COMMENT ON TABLE fleet.data_usage IS 'One row per IoT-X subscriber and UTC day: the day''s last observation of the counter of the billing period. The counter falls back when a billing period begins. Partitioned by month. Kept for a time: fleet.kept.';
COMMENT ON COLUMN fleet.data_usage.subscriber_key IS 'Who was observed.';
COMMENT ON COLUMN fleet.data_usage.day IS 'The UTC day of the observation.';
COMMENT ON COLUMN fleet.data_usage.data_usage_bytes IS 'Bytes sent and received in the billing period so far (IoT-X dataUsage).';
COMMENT ON COLUMN fleet.data_usage.observed_at IS 'When the provider''s answer was received: a day''s row gives way to a later answer only.';
COMMENT ON CONSTRAINT data_usage_bytes ON fleet.data_usage IS 'Nobody uses less than nothing.';
COMMENT ON CONSTRAINT data_usage_day ON fleet.data_usage IS 'The day is that of observed_at, by UTC.';
COMMENT ON CONSTRAINT data_usage_pkey ON fleet.data_usage IS 'Of a subscriber and a day only the last observation is here.';
COMMENT ON CONSTRAINT data_usage_subscriber_key_fkey ON fleet.data_usage IS 'Who was observed is a subscriber that is there.';
COMMENT ON INDEX fleet.data_usage_day_idx IS 'Finds the days of a range, whoever was observed.';
GRANT SELECT ON fleet.data_usage TO simsync_analyst;

CREATE TABLE fleet.esim_profile (
    source text COLLATE "C" NOT NULL,
    eid text COLLATE "C" NOT NULL,
    profile_id uuid NOT NULL,
    name text,
    is_active boolean,
    subscriber_id text COLLATE "C",
    iccid text COLLATE "C",
    imei text COLLATE "C",
    imeisv text COLLATE "C",
    flags text[] NOT NULL,
    extra jsonb,
    first_seen_at timestamp with time zone NOT NULL,
    fetched_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    CONSTRAINT esim_profile_pkey PRIMARY KEY (source, eid, profile_id),
    CONSTRAINT esim_profile_eid CHECK ((eid ~ '^[0-9]{32}$'::text)),
    CONSTRAINT esim_profile_iccid CHECK ((iccid ~ '^[0-9]{18,22}$'::text))
);
CREATE INDEX esim_profile_iccid_idx ON fleet.esim_profile USING btree (iccid);
COMMENT ON TABLE fleet.esim_profile IS 'One row per eSIM profile on an EID of a floLIVE source, also those that left it (removed_at is set).';
COMMENT ON COLUMN fleet.esim_profile.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.esim_profile.eid IS 'The eUICC (SGP.29, 32 digits) that was asked about; the provider''s answer does not repeat it.';
COMMENT ON COLUMN fleet.esim_profile.profile_id IS 'The UUID by which floLIVE knows the profile (id).';
COMMENT ON COLUMN fleet.esim_profile.name IS 'What people call the profile (floLIVE name); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.is_active IS 'Whether this is the profile last known as active on its EID (floLIVE isActive); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.subscriber_id IS 'The subscriber that the profile makes of the device: subscriber_id in fleet.subscriber (floLIVE subscriberIdentifiers.subscriberId). Several profiles may share one; null where not told.';
COMMENT ON COLUMN fleet.esim_profile.iccid IS 'SIM card serial number (E.118) of the profile, 18 to 22 digits (floLIVE subscriberIdentifiers.iccid); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.imei IS 'Device identity (TS 23.003), 14 or 15 digits (floLIVE subscriberIdentifiers.imei); null where none is registered.';
COMMENT ON COLUMN fleet.esim_profile.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE subscriberIdentifiers.imeisv); null where none is registered.';
COMMENT ON COLUMN fleet.esim_profile.flags IS 'What is odd about the row, as in fleet.subscriber.flags.';
COMMENT ON COLUMN fleet.esim_profile.extra IS 'Members that the provider sent and no column holds; null where there are none.';
COMMENT ON COLUMN fleet.esim_profile.first_seen_at IS 'When the profile was first found on the EID.';
COMMENT ON COLUMN fleet.esim_profile.fetched_at IS 'When the provider last told of it.';
COMMENT ON COLUMN fleet.esim_profile.removed_at IS 'When the profile was no longer on the EID; null while it is.';
COMMENT ON CONSTRAINT esim_profile_eid ON fleet.esim_profile IS '32 digits.';
COMMENT ON CONSTRAINT esim_profile_iccid ON fleet.esim_profile IS '18 to 22 digits.';
COMMENT ON CONSTRAINT esim_profile_pkey ON fleet.esim_profile IS 'A profile is on an EID once, also when it has left and come back.';
COMMENT ON INDEX fleet.esim_profile_iccid_idx IS 'Finds the profile that has an ICCID.';
GRANT SELECT ON fleet.esim_profile TO simsync_analyst;

CREATE TABLE fleet.esim_profile_imsi (
    source text COLLATE "C" NOT NULL,
    eid text COLLATE "C" NOT NULL,
    profile_id uuid NOT NULL,
    ordinal smallint NOT NULL,
    imsi text COLLATE "C" NOT NULL,
    msisdn text COLLATE "C",
    is_last_active boolean NOT NULL,
    CONSTRAINT esim_profile_imsi_pkey PRIMARY KEY (source, eid, profile_id, ordinal),
    CONSTRAINT esim_profile_imsi_source_eid_profile_id_fkey FOREIGN KEY (source, eid, profile_id) REFERENCES fleet.esim_profile(source, eid, profile_id)
);
CREATE INDEX esim_profile_imsi_imsi_idx ON fleet.esim_profile_imsi USING btree (imsi);
COMMENT ON TABLE fleet.esim_profile_imsi IS 'One row per IMSI of an eSIM profile, with its MSISDN, in the provider''s order.';
COMMENT ON COLUMN fleet.esim_profile_imsi.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.esim_profile_imsi.eid IS 'The eUICC that the profile is on.';
COMMENT ON COLUMN fleet.esim_profile_imsi.profile_id IS 'Whose IMSI it is: the key of fleet.esim_profile, with source and eid.';
COMMENT ON COLUMN fleet.esim_profile_imsi.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.esim_profile_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits (floLIVE subscriberIdentifiers.imsiMsisdnPairs.imsi).';
COMMENT ON COLUMN fleet.esim_profile_imsi.msisdn IS 'Phone number (E.164) without + (floLIVE subscriberIdentifiers.imsiMsisdnPairs.msisdn); null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.esim_profile_imsi.is_last_active IS 'Whether this is the IMSI last known as active.';
COMMENT ON CONSTRAINT esim_profile_imsi_pkey ON fleet.esim_profile_imsi IS 'A place in a profile''s list is taken once.';
COMMENT ON CONSTRAINT esim_profile_imsi_source_eid_profile_id_fkey ON fleet.esim_profile_imsi IS 'The IMSI belongs to a profile that is there.';
COMMENT ON INDEX fleet.esim_profile_imsi_imsi_idx IS 'Finds profiles by IMSI.';
GRANT SELECT ON fleet.esim_profile_imsi TO simsync_analyst;

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
COMMENT ON COLUMN fleet.network_state.subscriber_key IS 'Who was observed.';
COMMENT ON COLUMN fleet.network_state.is_online IS 'Whether it was attached to a network when observed (IoT-X networkState.isOnline); null where not told.';
COMMENT ON COLUMN fleet.network_state.is_transferring IS 'Whether data was passing when observed (IoT-X networkState.isTransferring); null where not told.';
COMMENT ON COLUMN fleet.network_state.data_usage_bytes IS 'Bytes sent and received in the current billing period when observed (IoT-X dataUsage); null where not told.';
COMMENT ON COLUMN fleet.network_state.observed_at IS 'When the provider''s answer was received.';
COMMENT ON CONSTRAINT network_state_pkey ON fleet.network_state IS 'Of a subscriber only the latest observation is here.';
COMMENT ON CONSTRAINT network_state_subscriber_key_fkey ON fleet.network_state IS 'Who was observed is a subscriber that is there.';
COMMENT ON CONSTRAINT network_state_usage ON fleet.network_state IS 'Nobody uses less than nothing.';
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
CREATE INDEX subscriber_imeisv_idx ON fleet.subscriber USING btree (imeisv) WHERE ((imei IS NULL) OR ("left"(imei, 14) <> "left"(imeisv, 14)));
CREATE UNIQUE INDEX subscriber_iotx_identity ON fleet.subscriber USING btree (physical_id, source) WHERE (physical_id IS NOT NULL);
CREATE INDEX subscriber_parent_idx ON fleet.subscriber USING btree (parent_key) WHERE (parent_key IS NOT NULL);
COMMENT ON TABLE fleet.subscriber IS 'One row per subscriber and SIM, also removed ones (removed_at is set). floLIVE: one per subscriberId and ICCID; IoT-X: one per physicalId. A removed subscriber that comes back is live again under its old key.';
COMMENT ON COLUMN fleet.subscriber.subscriber_key IS 'Our key, the same for ever, never given to another subscriber.';
COMMENT ON COLUMN fleet.subscriber.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.subscriber.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID, part of the identity. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.subscriber.physical_id IS 'IoT-X physicalId in the provider''s own spelling: the identity there. Null at floLIVE.';
COMMENT ON COLUMN fleet.subscriber.kind IS 'cellular, non_ip, satellite or unknown. floLIVE: always cellular. IoT-X: told from the form of physicalId.';
COMMENT ON COLUMN fleet.subscriber.iccid IS 'SIM card serial number (E.118), 18 to 22 digits (floLIVE iccid; IoT-X physicalId of a cellular subscriber). Null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid). Null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.subscriber.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14 (floLIVE imei; IoT-X physicalId of a satellite subscriber). Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE imeisv). Null where none is registered, and at IoT-X.';
COMMENT ON COLUMN fleet.subscriber.eui IS 'Device EUI, 16 hexadecimal digits in lower case (IoT-X physicalId of a non-IP subscriber); null for others.';
COMMENT ON COLUMN fleet.subscriber.status IS 'active, suspended, inactive, terminated or unknown. floLIVE: from status. IoT-X: from terminateDate (past: terminated), isBarred (suspended) and isActive (active), the first that holds; else inactive.';
COMMENT ON COLUMN fleet.subscriber.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber.customer_id IS 'The customer that the subscriber is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.subscriber.nickname IS 'The name given to the subscriber (IoT-X nickname); null where none.';
COMMENT ON COLUMN fleet.subscriber.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X related.parent, or the place inside the parent''s profiles); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.subscriber.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X related.parent.isEnabledOnParent, else isEnabled); null where not told, and for a subscriber that is on no parent.';
COMMENT ON COLUMN fleet.subscriber.flags IS 'What is odd about the row, sorted: failed checks (iccid_luhn, eid_check), refused parts (imei_rejected). Empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.subscriber.extra IS 'Members that the provider sent and no column holds, as an object; null where there are none.';
COMMENT ON COLUMN fleet.subscriber.first_seen_at IS 'When a sync first found the subscriber.';
COMMENT ON COLUMN fleet.subscriber.changed_at IS 'Since when the row is as it is: when a sync last found it new, changed, removed or returned.';
COMMENT ON COLUMN fleet.subscriber.removed_at IS 'When a complete sync no longer found the subscriber; null while it is live.';
COMMENT ON COLUMN fleet.subscriber.content_hash IS 'The program''s own: a hash of the record''s content, by which an unchanged one is recognised.';
COMMENT ON CONSTRAINT subscriber_eid ON fleet.subscriber IS '32 digits.';
COMMENT ON CONSTRAINT subscriber_eui ON fleet.subscriber IS '16 hexadecimal digits in lower case.';
COMMENT ON CONSTRAINT subscriber_iccid ON fleet.subscriber IS '18 to 22 digits. A wrong check digit is no hindrance: it is a flag.';
COMMENT ON CONSTRAINT subscriber_identity ON fleet.subscriber IS 'Whatever names the subscriber at its provider is there: physical_id at IoT-X, subscriber_id and iccid at floLIVE.';
COMMENT ON CONSTRAINT subscriber_imei ON fleet.subscriber IS '14 or 15 digits.';
COMMENT ON CONSTRAINT subscriber_imeisv ON fleet.subscriber IS '16 digits.';
COMMENT ON CONSTRAINT subscriber_kind ON fleet.subscriber IS 'There are four: cellular, non_ip, satellite and unknown.';
COMMENT ON CONSTRAINT subscriber_not_own_parent ON fleet.subscriber IS 'No subscriber is a profile on itself.';
COMMENT ON CONSTRAINT subscriber_parent_key_fkey ON fleet.subscriber IS 'A parent is a subscriber too, perhaps one that is removed.';
COMMENT ON CONSTRAINT subscriber_pkey ON fleet.subscriber IS 'One row per subscriber, also when it has left and come back.';
COMMENT ON CONSTRAINT subscriber_status ON fleet.subscriber IS 'There are five: active, suspended, inactive, terminated and unknown.';
COMMENT ON INDEX fleet.subscriber_customer_idx IS 'Finds a customer''s subscribers.';
COMMENT ON INDEX fleet.subscriber_eid_idx IS 'Finds the profiles on an eUICC.';
COMMENT ON INDEX fleet.subscriber_flolive_identity IS 'At floLIVE a subscriber is named by subscriberId and ICCID together: each pair once in a source. Finds one by subscriber_id.';
COMMENT ON INDEX fleet.subscriber_iccid_idx IS 'Finds subscribers by ICCID: several may have the same.';
COMMENT ON INDEX fleet.subscriber_imei_idx IS 'Finds subscribers by IMEI, or by its first 14 digits: imei BETWEEN ''35365206016353'' AND ''353652060163539''.';
COMMENT ON INDEX fleet.subscriber_imeisv_idx IS 'Finds subscribers by IMEISV where their IMEI says something else, or nothing.';
COMMENT ON INDEX fleet.subscriber_iotx_identity IS 'At IoT-X a subscriber is named by physicalId: each once in a source. Finds one by physical_id.';
COMMENT ON INDEX fleet.subscriber_parent_idx IS 'Finds the profiles on a parent.';
GRANT SELECT ON fleet.subscriber TO simsync_analyst;

CREATE TABLE fleet.subscriber_detail (
    subscriber_key bigint NOT NULL,
    alias text,
    tags text[] NOT NULL,
    system_labels text[] NOT NULL,
    user_labels text[] NOT NULL,
    longitude double precision,
    latitude double precision,
    mcc text COLLATE "C",
    mnc text COLLATE "C",
    lac text COLLATE "C",
    cid text COLLATE "C",
    last_rat_type text,
    last_rat_type_label text,
    last_data_rat_type text,
    last_data_rat_type_label text,
    last_apn text,
    is_in_data_session boolean,
    last_data_session_at timestamp with time zone,
    last_ip inet,
    first_activated_at timestamp with time zone,
    custom_fields jsonb,
    flags text[] NOT NULL,
    extra jsonb,
    fetched_at timestamp with time zone NOT NULL,
    CONSTRAINT subscriber_detail_pkey PRIMARY KEY (subscriber_key),
    CONSTRAINT subscriber_detail_latitude CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT subscriber_detail_longitude CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT subscriber_detail_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
COMMENT ON TABLE fleet.subscriber_detail IS 'One row per floLIVE subscriber whose details were read: the latest that the provider told. Details never make a subscriber changed and have no history.';
COMMENT ON COLUMN fleet.subscriber_detail.subscriber_key IS 'Whose details they are.';
COMMENT ON COLUMN fleet.subscriber_detail.alias IS 'A name given to the subscriber (floLIVE alias); null where none, and always for a subscriber of a sub-customer.';
COMMENT ON COLUMN fleet.subscriber_detail.tags IS 'Words that people tied to the subscriber (floLIVE tags); empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.system_labels IS 'Labels that floLIVE set (systemLabels); empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.user_labels IS 'Labels that users set (floLIVE userLabels); empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.longitude IS 'floLIVE lastKnownLocation.longitude in degrees east, -180 to 180; null where not told or out of range (then raw in extra, flag location_range).';
COMMENT ON COLUMN fleet.subscriber_detail.latitude IS 'floLIVE lastKnownLocation.latitude in degrees north, -90 to 90; null where not told or out of range (then raw in extra, flag location_range).';
COMMENT ON COLUMN fleet.subscriber_detail.mcc IS 'Mobile country code of the network last connected to, leading zeros kept (floLIVE lastConnectedNetwork.mcc); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.mnc IS 'Mobile network code of the network last connected to, leading zeros kept (floLIVE lastConnectedNetwork.mnc); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.lac IS 'Location area code of the cell last connected to (floLIVE lastConnectedNetwork.lac); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.cid IS 'Identity of the cell last connected to (floLIVE lastConnectedNetwork.cid); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_rat_type IS 'Radio access technology last connected by, as the provider words or numbers it (floLIVE lastRatType); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_rat_type_label IS 'What people call that technology (floLIVE lastRatTypeLabel); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_rat_type IS 'Radio access technology of the last data session, as the provider words or numbers it (floLIVE lastDataRatType); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_rat_type_label IS 'What people call that technology (floLIVE lastDataRatTypeLabel); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_apn IS 'Access point name last connected to (floLIVE lastApn); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.is_in_data_session IS 'Whether a data session was open when the details were read (floLIVE isInDataSession); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_session_at IS 'When the last data session that is over ended, by UTC (floLIVE lastDataSession); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_ip IS 'The IP address that the subscriber had last, of version 4 or 6 (floLIVE lastIp); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.first_activated_at IS 'When the first activation signal came from the SIM, by UTC (floLIVE firstActivatedTime); null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.custom_fields IS 'A list of fields that the customer defined, as received (floLIVE customFields); null where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.flags IS 'What is odd about the details, as in fleet.subscriber.flags.';
COMMENT ON COLUMN fleet.subscriber_detail.extra IS 'Members that the provider sent and no column holds; null where there are none. Never a contact.';
COMMENT ON COLUMN fleet.subscriber_detail.fetched_at IS 'When the provider''s answer was received.';
COMMENT ON CONSTRAINT subscriber_detail_latitude ON fleet.subscriber_detail IS '-90 to 90 degrees.';
COMMENT ON CONSTRAINT subscriber_detail_longitude ON fleet.subscriber_detail IS '-180 to 180 degrees.';
COMMENT ON CONSTRAINT subscriber_detail_pkey ON fleet.subscriber_detail IS 'Of a subscriber only the latest details are here.';
COMMENT ON CONSTRAINT subscriber_detail_subscriber_key_fkey ON fleet.subscriber_detail IS 'The details are those of a subscriber that is there.';
GRANT SELECT ON fleet.subscriber_detail TO simsync_analyst;

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
CREATE INDEX subscriber_history_eid_idx ON fleet.subscriber_history USING btree (eid) WHERE (eid IS NOT NULL);
CREATE INDEX subscriber_history_imei_idx ON fleet.subscriber_history USING btree (imei) WHERE (imei IS NOT NULL);
CREATE INDEX subscriber_history_imsi_pairs_idx ON fleet.subscriber_history USING gin (imsi_pairs jsonb_path_ops);
CREATE INDEX subscriber_history_valid_to_idx ON fleet.subscriber_history USING btree (valid_to);
COMMENT ON TABLE fleet.subscriber_history IS 'One row per superseded version of a subscriber: as it was from valid_from until valid_to. The version in force is in fleet.subscriber. Kept for a time after it was superseded: fleet.kept.';
COMMENT ON COLUMN fleet.subscriber_history.subscriber_key IS 'Who was so.';
COMMENT ON COLUMN fleet.subscriber_history.valid_from IS 'Since when the subscriber was so (inclusive).';
COMMENT ON COLUMN fleet.subscriber_history.valid_to IS 'Until when the subscriber was so (exclusive): when a sync found it otherwise.';
COMMENT ON COLUMN fleet.subscriber_history.run_id IS 'The run that superseded this version (fleet.run, with source), or the command that gave a nickname.';
COMMENT ON COLUMN fleet.subscriber_history.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.subscriber_history.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID, part of the identity. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.subscriber_history.physical_id IS 'IoT-X physicalId in the provider''s own spelling: the identity there. Null at floLIVE.';
COMMENT ON COLUMN fleet.subscriber_history.kind IS 'cellular, non_ip, satellite or unknown. floLIVE: always cellular. IoT-X: told from the form of physicalId.';
COMMENT ON COLUMN fleet.subscriber_history.iccid IS 'SIM card serial number (E.118), 18 to 22 digits (floLIVE iccid; IoT-X physicalId of a cellular subscriber). Null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber_history.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid). Null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.subscriber_history.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14 (floLIVE imei; IoT-X physicalId of a satellite subscriber). Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber_history.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE imeisv). Null where none is registered, and at IoT-X.';
COMMENT ON COLUMN fleet.subscriber_history.eui IS 'Device EUI, 16 hexadecimal digits in lower case (IoT-X physicalId of a non-IP subscriber); null for others.';
COMMENT ON COLUMN fleet.subscriber_history.status IS 'active, suspended, inactive, terminated or unknown. floLIVE: from status. IoT-X: from terminateDate (past: terminated), isBarred (suspended) and isActive (active), the first that holds; else inactive.';
COMMENT ON COLUMN fleet.subscriber_history.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber_history.customer_id IS 'The customer that the subscriber is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.subscriber_history.nickname IS 'The name given to the subscriber (IoT-X nickname); null where none.';
COMMENT ON COLUMN fleet.subscriber_history.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X related.parent, or the place inside the parent''s profiles); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.subscriber_history.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X related.parent.isEnabledOnParent, else isEnabled); null where not told, and for a subscriber that is on no parent.';
COMMENT ON COLUMN fleet.subscriber_history.flags IS 'What is odd about the row, sorted: failed checks (iccid_luhn, eid_check), refused parts (imei_rejected). Empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.subscriber_history.extra IS 'Members that the provider sent and no column holds, as an object; null where there are none.';
COMMENT ON COLUMN fleet.subscriber_history.removed_at IS 'When the subscriber had been removed; null where this version was live.';
COMMENT ON COLUMN fleet.subscriber_history.imsi_pairs IS 'The rows of fleet.subscriber_imsi that belonged to this version: an array of {imsi, msisdn, is_last_active} in order, empty where there were none.';
COMMENT ON COLUMN fleet.subscriber_history.contract IS 'The row of fleet.contract that belonged to this version, by column name; null where there was none (floLIVE).';
COMMENT ON CONSTRAINT subscriber_history_period ON fleet.subscriber_history IS 'A version ends after it began.';
COMMENT ON CONSTRAINT subscriber_history_pkey ON fleet.subscriber_history IS 'Versions of a subscriber begin at different times.';
COMMENT ON CONSTRAINT subscriber_history_subscriber_key_fkey ON fleet.subscriber_history IS 'The version in force is there, also of a subscriber that is removed.';
COMMENT ON INDEX fleet.subscriber_history_eid_idx IS 'Finds the profiles that were on an eUICC.';
COMMENT ON INDEX fleet.subscriber_history_imei_idx IS 'Finds who had an IMEI, or its first 14 digits.';
COMMENT ON INDEX fleet.subscriber_history_imsi_pairs_idx IS 'Finds who had an IMSI or a phone number: imsi_pairs @> ''[{"imsi": "222013000000001"}]''.';
COMMENT ON INDEX fleet.subscriber_history_valid_to_idx IS 'Finds what was superseded in a span of time: the changes of a night.';
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
COMMENT ON COLUMN fleet.subscriber_imsi.subscriber_key IS 'Whose IMSI it is.';
COMMENT ON COLUMN fleet.subscriber_imsi.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.subscriber_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits (floLIVE imsiMsisdnPairs.imsi; IoT-X imsi).';
COMMENT ON COLUMN fleet.subscriber_imsi.msisdn IS 'Phone number (E.164) without +, 5 to 15 digits (floLIVE imsiMsisdnPairs.msisdn; IoT-X subscriberId of a cellular subscriber); null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.subscriber_imsi.is_last_active IS 'Whether this is the IMSI last known as active (floLIVE imsiMsisdnPairs.isLastActive; IoT-X: always). At most one of a subscriber is; where the provider marks several, none is and the subscriber has the flag many_active.';
COMMENT ON CONSTRAINT subscriber_imsi_imsi ON fleet.subscriber_imsi IS '6 to 15 digits.';
COMMENT ON CONSTRAINT subscriber_imsi_msisdn ON fleet.subscriber_imsi IS '5 to 15 digits, the first not 0.';
COMMENT ON CONSTRAINT subscriber_imsi_ordinal ON fleet.subscriber_imsi IS 'Places are counted from 0.';
COMMENT ON CONSTRAINT subscriber_imsi_pkey ON fleet.subscriber_imsi IS 'A place in a subscriber''s list is taken once.';
COMMENT ON CONSTRAINT subscriber_imsi_subscriber_key_fkey ON fleet.subscriber_imsi IS 'The IMSI belongs to a subscriber that is there.';
COMMENT ON INDEX fleet.subscriber_imsi_imsi_idx IS 'Finds subscribers by IMSI: several may have the same.';
COMMENT ON INDEX fleet.subscriber_imsi_msisdn_idx IS 'Finds subscribers by phone number: several may have the same.';
GRANT SELECT ON fleet.subscriber_imsi TO simsync_analyst;

CREATE TABLE fleet.subscriber_offer (
    subscriber_key bigint NOT NULL,
    ordinal smallint NOT NULL,
    offer_id uuid NOT NULL,
    name text,
    description text,
    attached_at timestamp with time zone,
    renews_on date,
    expires_on date,
    priority integer,
    linked_offer_ids uuid[] NOT NULL,
    CONSTRAINT subscriber_offer_pkey PRIMARY KEY (subscriber_key, ordinal),
    CONSTRAINT subscriber_offer_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX subscriber_offer_expires_idx ON fleet.subscriber_offer USING btree (expires_on) WHERE (expires_on IS NOT NULL);
CREATE INDEX subscriber_offer_offer_idx ON fleet.subscriber_offer USING btree (offer_id);
COMMENT ON TABLE fleet.subscriber_offer IS 'One row per offer of a floLIVE subscriber, in the provider''s order, as of its latest details. An offer may belong to many subscribers.';
COMMENT ON COLUMN fleet.subscriber_offer.subscriber_key IS 'Who has the offer.';
COMMENT ON COLUMN fleet.subscriber_offer.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.subscriber_offer.offer_id IS 'What the offer is called in floLIVE''s product catalogue (offer.id): the same for all who have it.';
COMMENT ON COLUMN fleet.subscriber_offer.name IS 'What people call the offer (floLIVE offer.name); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.description IS 'What the offer holds, in the provider''s words (floLIVE offer.description); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.attached_at IS 'When the subscriber was given the offer, by UTC (floLIVE offer.attachTimestamp); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.renews_on IS 'The day of the next renewal (floLIVE offer.renewalDate); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.expires_on IS 'The day on which the offer ends (floLIVE offer.expirationDate); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.priority IS 'The order in which a subscriber''s plans are consumed, a number without unit (floLIVE offer.priority); null where not told.';
COMMENT ON COLUMN fleet.subscriber_offer.linked_offer_ids IS 'Offers of the catalogue that hang together with this one (floLIVE offer.linkedOfferIds); empty where there are none.';
COMMENT ON CONSTRAINT subscriber_offer_pkey ON fleet.subscriber_offer IS 'A place in a subscriber''s list is taken once; the same offer may stand in several.';
COMMENT ON CONSTRAINT subscriber_offer_subscriber_key_fkey ON fleet.subscriber_offer IS 'The offer is that of a subscriber that is there.';
COMMENT ON INDEX fleet.subscriber_offer_expires_idx IS 'Finds the offers that end in a span of days.';
COMMENT ON INDEX fleet.subscriber_offer_offer_idx IS 'Finds who has an offer.';
GRANT SELECT ON fleet.subscriber_offer TO simsync_analyst;

CREATE TABLE fleet.tariff_usage (
    source text COLLATE "C" NOT NULL,
    day date NOT NULL,
    operator_code text,
    operator_name text,
    tariff_name text,
    subscribers bigint NOT NULL,
    used_bytes bigint NOT NULL,
    CONSTRAINT tariff_usage_key UNIQUE NULLS NOT DISTINCT (day, source, operator_code, operator_name, tariff_name),
    CONSTRAINT tariff_usage_counts CHECK ((LEAST(subscribers, used_bytes) >= 0))
);
COMMENT ON TABLE fleet.tariff_usage IS 'One row per source, UTC day, operator and tariff: the sum of what fleet.daily_usage tells of each subscriber. Each sync counts its days anew, with the tariffs that it found: a later change of tariff leaves the days before it as they were. It is kept when fleet.data_usage no longer has the day.';
COMMENT ON COLUMN fleet.tariff_usage.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.tariff_usage.day IS 'The UTC day of the observations. A day without a sync has no row: the next one holds what was used since.';
COMMENT ON COLUMN fleet.tariff_usage.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told.';
COMMENT ON COLUMN fleet.tariff_usage.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told.';
COMMENT ON COLUMN fleet.tariff_usage.tariff_name IS 'The tariff that the subscribers were billed by that day (IoT-X tariffName); null where not told.';
COMMENT ON COLUMN fleet.tariff_usage.subscribers IS 'Subscribers observed that day, those included whose used_bytes is not known or 0.';
COMMENT ON COLUMN fleet.tariff_usage.used_bytes IS 'Bytes that they used since their observations before; 0 where all are first ones.';
COMMENT ON CONSTRAINT tariff_usage_counts ON fleet.tariff_usage IS 'Nobody uses less than nothing.';
COMMENT ON CONSTRAINT tariff_usage_key ON fleet.tariff_usage IS 'A day''s subscribers of a source, an operator and a tariff are summed once; what was not told counts as one.';
GRANT SELECT ON fleet.tariff_usage TO simsync_analyst;

CREATE VIEW fleet.change AS
 SELECT h.valid_to AS changed_at,
    h.source,
    n.subscriber_id,
    n.iccid,
    f.field,
    f.old,
    f.new,
    h.subscriber_key,
    h.run_id
   FROM fleet.subscriber_history h
     LEFT JOIN LATERAL jsonb_populate_record(NULL::fleet.contract, h.contract) k(subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at, terminated_at, contract_months, is_active, is_barred, group_id, data_number, subscription_id, subscriber_type, smdp_provider) ON h.contract IS NOT NULL
     CROSS JOIN LATERAL ( SELECT x.subscriber_id,
            x.physical_id,
            x.kind,
            x.iccid,
            x.eid,
            x.imei,
            x.imeisv,
            x.eui,
            x.status,
            x.provider_status,
            x.customer_id,
            x.nickname,
            x.parent_key,
            x.is_enabled_on_parent,
            x.flags,
            x.extra,
            x.removed_at,
            x.imsi_pairs,
            c.operator_code,
            c.operator_name,
            c.tariff_name,
            c.line_rental_minor,
            c.connected_at,
            c.expires_at,
            c.terminated_at,
            c.contract_months,
            c.is_active,
            c.is_barred,
            c.group_id,
            c.data_number,
            c.subscription_id,
            c.subscriber_type,
            c.smdp_provider
           FROM fleet.subscriber_history x
             LEFT JOIN LATERAL jsonb_populate_record(NULL::fleet.contract, x.contract) c(subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at, terminated_at, contract_months, is_active, is_barred, group_id, data_number, subscription_id, subscriber_type, smdp_provider) ON x.contract IS NOT NULL
          WHERE x.subscriber_key = h.subscriber_key AND x.valid_from = h.valid_to
        UNION ALL
         SELECT s.subscriber_id,
            s.physical_id,
            s.kind,
            s.iccid,
            s.eid,
            s.imei,
            s.imeisv,
            s.eui,
            s.status,
            s.provider_status,
            s.customer_id,
            s.nickname,
            s.parent_key,
            s.is_enabled_on_parent,
            s.flags,
            s.extra,
            s.removed_at,
            COALESCE(( SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal) AS jsonb_agg
                   FROM fleet.subscriber_imsi i
                  WHERE i.subscriber_key = s.subscriber_key), '[]'::jsonb) AS "coalesce",
            c.operator_code,
            c.operator_name,
            c.tariff_name,
            c.line_rental_minor,
            c.connected_at,
            c.expires_at,
            c.terminated_at,
            c.contract_months,
            c.is_active,
            c.is_barred,
            c.group_id,
            c.data_number,
            c.subscription_id,
            c.subscriber_type,
            c.smdp_provider
           FROM fleet.subscriber s
             LEFT JOIN fleet.contract c ON c.subscriber_key = s.subscriber_key
          WHERE s.subscriber_key = h.subscriber_key AND s.changed_at = h.valid_to) n
     CROSS JOIN LATERAL ( VALUES ('subscriber_id'::text,h.subscriber_id,n.subscriber_id), ('physical_id'::text,h.physical_id,n.physical_id), ('kind'::text,h.kind,n.kind), ('iccid'::text,h.iccid,n.iccid), ('eid'::text,h.eid,n.eid), ('imei'::text,h.imei,n.imei), ('imeisv'::text,h.imeisv,n.imeisv), ('eui'::text,h.eui,n.eui), ('status'::text,h.status,n.status), ('provider_status'::text,h.provider_status,n.provider_status), ('customer_id'::text,h.customer_id::text,n.customer_id::text), ('nickname'::text,h.nickname,n.nickname), ('parent_key'::text,h.parent_key::text,n.parent_key::text), ('is_enabled_on_parent'::text,h.is_enabled_on_parent::text,n.is_enabled_on_parent::text), ('flags'::text,h.flags::text,n.flags::text), ('extra'::text,h.extra::text,n.extra::text), ('removed_at'::text,h.removed_at::text,n.removed_at::text), ('imsi_pairs'::text,h.imsi_pairs::text,n.imsi_pairs::text), ('operator_code'::text,k.operator_code,n.operator_code), ('operator_name'::text,k.operator_name,n.operator_name), ('tariff_name'::text,k.tariff_name,n.tariff_name), ('line_rental_minor'::text,k.line_rental_minor::text,n.line_rental_minor::text), ('connected_at'::text,k.connected_at::text,n.connected_at::text), ('expires_at'::text,k.expires_at::text,n.expires_at::text), ('terminated_at'::text,k.terminated_at::text,n.terminated_at::text), ('contract_months'::text,k.contract_months::text,n.contract_months::text), ('is_active'::text,k.is_active::text,n.is_active::text), ('is_barred'::text,k.is_barred::text,n.is_barred::text), ('group_id'::text,k.group_id::text,n.group_id::text), ('data_number'::text,k.data_number,n.data_number), ('subscription_id'::text,k.subscription_id,n.subscription_id), ('subscriber_type'::text,k.subscriber_type,n.subscriber_type), ('smdp_provider'::text,k.smdp_provider,n.smdp_provider)) f(field, old, new)
  WHERE f.old IS DISTINCT FROM f.new;
COMMENT ON VIEW fleet.change IS 'One row per changed field of a subscriber: the columns of fleet.subscriber and fleet.contract, and imsi_pairs. New subscribers are no changes (first_seen_at); a removal and a return are changes of removed_at. Name a range of changed_at: it is what the history is indexed by.';
COMMENT ON COLUMN fleet.change.changed_at IS 'Since when the new value holds: when a sync found it, equal to as_of of its fleet.run.';
COMMENT ON COLUMN fleet.change.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.change.subscriber_id IS 'The provider''s subscriberId after the change; null where it gave none.';
COMMENT ON COLUMN fleet.change.iccid IS 'The ICCID after the change; null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.change.field IS 'The column that changed, of fleet.subscriber or fleet.contract, or imsi_pairs: the rows of fleet.subscriber_imsi.';
COMMENT ON COLUMN fleet.change.old IS 'The value before, as text; null where there was none.';
COMMENT ON COLUMN fleet.change.new IS 'The value after, as text; null where there is none.';
COMMENT ON COLUMN fleet.change.subscriber_key IS 'Whose field it is.';
COMMENT ON COLUMN fleet.change.run_id IS 'The run that found the change (fleet.run), or the command that gave a nickname.';
GRANT SELECT ON fleet.change TO simsync_analyst;

CREATE VIEW fleet.daily_usage AS
 SELECT u.subscriber_key,
    u.day,
    u.data_usage_bytes,
    lag(u.day) OVER w AS previous_day,
        CASE
            WHEN lag(u.data_usage_bytes) OVER w IS NULL THEN NULL::bigint
            WHEN u.data_usage_bytes >= lag(u.data_usage_bytes) OVER w THEN u.data_usage_bytes - lag(u.data_usage_bytes) OVER w
            ELSE u.data_usage_bytes
        END AS used_bytes,
    u.data_usage_bytes < lag(u.data_usage_bytes) OVER w AS is_reset,
    u.observed_at
   FROM fleet.data_usage u
  WINDOW w AS (PARTITION BY u.subscriber_key ORDER BY u.day);
COMMENT ON VIEW fleet.daily_usage IS 'One row per IoT-X subscriber and UTC day with an observation: what was used since the observation before. Name subscribers: a range of days alone reads all days of all subscribers. The sums of all subscribers by tariff are in fleet.tariff_usage.';
COMMENT ON COLUMN fleet.daily_usage.subscriber_key IS 'Who was observed.';
COMMENT ON COLUMN fleet.daily_usage.day IS 'The UTC day of the observation.';
COMMENT ON COLUMN fleet.daily_usage.data_usage_bytes IS 'The counter as observed (fleet.data_usage): bytes in the billing period so far.';
COMMENT ON COLUMN fleet.daily_usage.previous_day IS 'The day of the observation before; null for the first one. Where it is not the day before, used_bytes is of all the days since.';
COMMENT ON COLUMN fleet.daily_usage.used_bytes IS 'Bytes by which the counter grew since then; where it fell back, a billing period has begun and what it counts since is taken (what was used between the last observation and the reset was seen by nobody). Null for the first observation: what it counts began before it.';
COMMENT ON COLUMN fleet.daily_usage.is_reset IS 'Whether the counter fell back since the observation before: a billing period has begun. Null for the first observation.';
COMMENT ON COLUMN fleet.daily_usage.observed_at IS 'When the provider''s answer was received.';
GRANT SELECT ON fleet.daily_usage TO simsync_analyst;

CREATE VIEW fleet.freshness AS
 SELECT s.source,
    c.as_of AS complete_as_of,
    now() - c.as_of AS complete_age,
    c.run_id AS complete_run_id,
    l.as_of AS loaded_as_of,
    a.started_at AS attempted_at,
    a.run_id AS attempted_run_id,
        CASE
            WHEN a.run_id IS NULL THEN NULL::text
            WHEN a.outcome IS NOT NULL THEN a.outcome
            WHEN a.is_running THEN 'running'::text
            ELSE 'killed'::text
        END AS attempted_outcome,
    COALESCE(a.run_id = c.run_id, false) AS is_complete,
    ( SELECT count(*) AS count
           FROM fleet.run n
          WHERE n.source = s.source AND n.is_whole AND (n.outcome IS DISTINCT FROM 'ok'::text OR n.load_outcome IS NOT NULL) AND (c.run_id IS NULL OR n.started_at > c.started_at)) AS attempts_since,
    a.error AS attempted_error
   FROM ( SELECT DISTINCT run.source
           FROM sync.run) s
     LEFT JOIN LATERAL ( SELECT r.run_id,
            r.started_at,
            r.outcome,
            r.error,
            r.is_running
           FROM fleet.run r
          WHERE r.source = s.source AND r.is_whole AND (r.outcome IS DISTINCT FROM 'ok'::text OR r.load_outcome IS NOT NULL)
          ORDER BY r.started_at DESC, r.run_id DESC
         LIMIT 1) a ON true
     LEFT JOIN LATERAL ( SELECT r.run_id,
            r.started_at,
            r.as_of
           FROM fleet.run r
          WHERE r.source = s.source AND r.is_complete
          ORDER BY r.as_of DESC, r.run_id DESC
         LIMIT 1) c ON true
     LEFT JOIN LATERAL ( SELECT max(r.as_of) AS as_of
           FROM sync.run r
          WHERE r.source = s.source) l ON true;
COMMENT ON VIEW fleet.freshness IS 'One row per source that was ever synced: as of when its data is complete, and how the last attempt ended. Look here before trusting a count: what is loaded after the last complete sync may lack subscribers and hold some that are gone.';
COMMENT ON COLUMN fleet.freshness.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.freshness.complete_as_of IS 'As of when the data was last exactly as the provider had it, subscribers that left marked removed, refused records aside; null where it never was. From the moment of the load on: details and eSIM profiles, which are asked for afterwards, are no part of it.';
COMMENT ON COLUMN fleet.freshness.complete_age IS 'How long ago that is; null where it never was complete.';
COMMENT ON COLUMN fleet.freshness.complete_run_id IS 'The run that made it so (fleet.run); null where none did.';
COMMENT ON COLUMN fleet.freshness.loaded_as_of IS 'As of when anything was last loaded, also by an incomplete, held back or windowed run; null where nothing ever was. Later than complete_as_of: some rows are newer than that, and no subscriber was marked removed since.';
COMMENT ON COLUMN fleet.freshness.attempted_at IS 'When the last sync of the whole source began; null where only windows were backfilled.';
COMMENT ON COLUMN fleet.freshness.attempted_run_id IS 'That run (fleet.run); null where only windows were backfilled.';
COMMENT ON COLUMN fleet.freshness.attempted_outcome IS 'How that ended: ok, incomplete, held_back, failed or interrupted; running while it is at work, killed where it has no end and nobody is at work on the source; null where only windows were backfilled. is_complete may be true with any of them: a sync that loaded all goes on with details, and may be stopped there.';
COMMENT ON COLUMN fleet.freshness.is_complete IS 'Whether that last attempt is the complete one, ended or still at its details: true is the state to expect every morning.';
COMMENT ON COLUMN fleet.freshness.attempts_since IS 'How many syncs of the whole source began after the last complete one: none of them is complete, or not yet. All of them where none ever was.';
COMMENT ON COLUMN fleet.freshness.attempted_error IS 'Why that last attempt did not end well, in one line that names no subscriber; null where all is well, where it has no end and nothing was wrong with its load, and where only windows were backfilled.';
GRANT SELECT ON fleet.freshness TO simsync_analyst;

CREATE VIEW fleet.kept AS
 SELECT k.what,
    k.since
   FROM sync.kept k;
COMMENT ON VIEW fleet.kept IS 'One row per kind that is kept for a time only: since when it is whole. A question about an earlier time has no full answer here any more. The settings retention.* say how long each is kept.';
COMMENT ON COLUMN fleet.kept.what IS 'history: superseded versions (fleet.subscriber_history, fleet.subscriber_version, fleet.change, fleet.subscriber_at), by when they were superseded. usage: fleet.data_usage, by whole months. rejects: refused records. runs: fleet.run and fleet.walk, by when the run began.';
COMMENT ON COLUMN fleet.kept.since IS 'Nothing from then or later has been deleted, and what is older may be. Null: nothing has been deleted at all.';
GRANT SELECT ON fleet.kept TO simsync_analyst;

CREATE VIEW fleet.run AS
 SELECT r.run_id,
    r.source,
    r.command,
    r.started_at,
    r.finished_at,
    r.outcome,
    w.is_whole,
    w.is_whole AND NOT l.load_outcome IS DISTINCT FROM 'ok'::text AS is_complete,
    r.as_of,
    r.declared,
    r.records,
    r.inserted,
    r.updated,
    r.unchanged,
    r.repeated,
    r.removed,
    r.rejected,
    r.rejected_parts,
    l.load_outcome,
    r.exit_code,
    r.error,
    r.finished_at IS NULL AND NOT (EXISTS ( SELECT
           FROM sync.run later
          WHERE later.source = r.source AND ((ROW(later.started_at, later.run_id) > ROW(r.started_at, r.run_id))))) AND (EXISTS ( SELECT
           FROM pg_locks k
          WHERE k.locktype = 'advisory'::text AND k.granted AND k.classid = 1397312851::oid AND k.objsubid = 2 AND k.objid = hashtext(r.source)::oid AND k.database = (( SELECT d.oid
                   FROM pg_database d
                  WHERE d.datname = current_database())))) AS is_running
   FROM sync.run r
     CROSS JOIN LATERAL ( SELECT r.connected_since IS NULL AND r.connected_until IS NULL AND r.continues_run_id IS NULL AS is_whole) w
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN r.as_of IS NULL THEN NULL::text
                    WHEN r.load_outcome IS NOT NULL THEN r.load_outcome
                    WHEN r.outcome = ANY (ARRAY['ok'::text, 'incomplete'::text, 'held_back'::text]) THEN r.outcome
                    WHEN r.removed > 0 THEN 'ok'::text
                    ELSE 'incomplete'::text
                END AS load_outcome) l;
COMMENT ON VIEW fleet.run IS 'One row per run and source: when the fleet was synced, how that ended and what it changed. Its counts balance: records = inserted + updated + unchanged + repeated + rejected. Kept for a time: fleet.kept.';
COMMENT ON COLUMN fleet.run.run_id IS 'The run: a UUID of version 7, so runs sort by time. The same for all sources of a run; subscriber_history.run_id refers to it.';
COMMENT ON COLUMN fleet.run.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.run.command IS 'The command that ran: run (the nightly sync) or backfill.';
COMMENT ON COLUMN fleet.run.started_at IS 'When the run began on this source.';
COMMENT ON COLUMN fleet.run.finished_at IS 'When it ended; null while it is running, and for ever where it was killed: is_running tells them apart.';
COMMENT ON COLUMN fleet.run.outcome IS 'How the run ended: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed; interrupted (by whoever stopped it). What was loaded before a run was stopped stays: load_outcome. Null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.is_whole IS 'Whether all of the source was asked for; false for a backfill of a window of connection dates, and for a replay that only went on with the details of another run.';
COMMENT ON COLUMN fleet.run.is_complete IS 'Whether the run left the fleet exactly as the provider had it: the whole source was asked for and proved to be read, and every change and removal was made, save for what refused records (rejected) would have said. Details and eSIM profiles are asked for afterwards, and are no part of it.';
COMMENT ON COLUMN fleet.run.as_of IS 'As of when the data is: equals changed_at of every row that the run made or changed, save where a clock went back; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.declared IS 'How many subscribers the provider announced; null where it announces none (IoT-X), not every walk came so far, or nothing was loaded.';
COMMENT ON COLUMN fleet.run.records IS 'Records read from the provider, eSIM profiles inside of others (IoT-X) and subscribers asked for one by one included, so perhaps more than distinct_records and repeated of its fleet.walk add up to; null where nothing was loaded, as all counts are.';
COMMENT ON COLUMN fleet.run.inserted IS 'Subscribers that are new; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.updated IS 'Subscribers that changed, those that came back included; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.unchanged IS 'Subscribers found as they were; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.repeated IS 'Records of a subscriber that another record of the same run speaks of too; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.removed IS 'Subscribers that are gone: their removed_at was set; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.rejected IS 'Records that could not be rows, such as one without any identity; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.rejected_parts IS 'Pairs and fields refused in records that were loaded, each a flag on its row; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.load_outcome IS 'How the load itself ended, whatever became of the run afterwards: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back, for they were more than the limit allows, or too many records were refused). Null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.exit_code IS 'What this source alone would make the program exit with: 0 done, 1 failed, 2 settings, 3 incomplete, 4 removals held back, 5 too many rejects, 6 credentials refused, 7 schema, 130 and 143 stopped. 1 with the outcome ok, incomplete or held_back: details or eSIM profiles broke off. Null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.error IS 'Why it did not end well, in one line that names no subscriber: which listing was not read whole, or what the limit was. Null where all is well, and where a run has no end and nothing was wrong with its load.';
COMMENT ON COLUMN fleet.run.is_running IS 'Whether the run is at work now. Without an end and not running: it was killed.';
GRANT SELECT ON fleet.run TO simsync_analyst;

CREATE VIEW fleet.sim AS
 SELECT s.subscriber_key,
    s.source,
    s.subscriber_id,
    s.physical_id,
    s.kind,
    s.iccid,
    s.eid,
    s.imei,
    s.imeisv,
    s.eui,
    i.imsi,
    i.msisdn,
    s.status,
    s.provider_status,
    s.customer_id,
    c.name AS customer_name,
    k.operator_code,
    k.operator_name,
    k.tariff_name,
    COALESCE(s.nickname, d.alias) AS nickname,
    d.tags,
    n.is_online,
    n.is_transferring,
    n.data_usage_bytes,
    n.observed_at,
    d.is_in_data_session,
    d.last_data_session_at,
    s.parent_key,
    s.is_enabled_on_parent,
    s.flags,
    s.first_seen_at,
    s.changed_at
   FROM fleet.subscriber s
     LEFT JOIN fleet.subscriber_imsi i ON i.subscriber_key = s.subscriber_key AND i.is_last_active
     LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
     LEFT JOIN fleet.contract k ON k.subscriber_key = s.subscriber_key
     LEFT JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key
     LEFT JOIN fleet.subscriber_detail d ON d.subscriber_key = s.subscriber_key
  WHERE s.removed_at IS NULL;
COMMENT ON VIEW fleet.sim IS 'One row per live subscriber, with what is known of it beside: the place to begin. A column that a query does not name costs little or nothing.';
COMMENT ON COLUMN fleet.sim.subscriber_key IS 'Names the subscriber in every table about it.';
COMMENT ON COLUMN fleet.sim.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.sim.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.sim.physical_id IS 'IoT-X physicalId, in the provider''s own spelling; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.kind IS 'cellular, non_ip, satellite or unknown.';
COMMENT ON COLUMN fleet.sim.iccid IS 'SIM card serial number (E.118), 18 to 22 digits; null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.sim.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid); null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.sim.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14; null where none is registered.';
COMMENT ON COLUMN fleet.sim.imeisv IS 'Device identity with software version (TS 23.003), 16 digits; null where none is registered.';
COMMENT ON COLUMN fleet.sim.eui IS 'Device EUI of a non-IP subscriber, 16 hexadecimal digits in lower case; null for others.';
COMMENT ON COLUMN fleet.sim.imsi IS 'The IMSI (E.212) last known as active; null where none is marked, or several are. All of them: fleet.subscriber_imsi.';
COMMENT ON COLUMN fleet.sim.msisdn IS 'The phone number (E.164, without +) of that IMSI; null where it has none.';
COMMENT ON COLUMN fleet.sim.status IS 'active, suspended, inactive, terminated or unknown: fleet.subscriber tells from what.';
COMMENT ON COLUMN fleet.sim.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.sim.customer_id IS 'The customer that it is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.sim.customer_name IS 'What the provider calls that customer (floLIVE customerName); null where it gave no name, and for a subscriber without customer.';
COMMENT ON COLUMN fleet.sim.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.tariff_name IS 'The tariff that it is billed by (IoT-X tariffName); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.nickname IS 'The name given to it: IoT-X nickname, or floLIVE alias; null where it has neither.';
COMMENT ON COLUMN fleet.sim.tags IS 'Words that people tied to it (floLIVE tags), empty where there are none; null where no details were read.';
COMMENT ON COLUMN fleet.sim.is_online IS 'Whether it was attached to a network when last observed (IoT-X networkState.isOnline); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_transferring IS 'Whether data was passing when last observed (IoT-X networkState.isTransferring); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.data_usage_bytes IS 'Bytes sent and received in the current billing period when last observed (IoT-X dataUsage); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.observed_at IS 'When is_online, is_transferring and data_usage_bytes were observed; null where nothing was, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_in_data_session IS 'Whether a data session was open when the details were read (floLIVE isInDataSession); null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.last_data_session_at IS 'When the last data session that is over ended (floLIVE lastDataSession); null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.sim.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X); null where not told, and for a subscriber that is on no parent.';
COMMENT ON COLUMN fleet.sim.flags IS 'What is odd about the row; empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.sim.first_seen_at IS 'When a sync first found it.';
COMMENT ON COLUMN fleet.sim.changed_at IS 'Since when it is as it is, usage, network state and details aside.';
GRANT SELECT ON fleet.sim TO simsync_analyst;

CREATE VIEW fleet.subscriber_version AS
 SELECT s.subscriber_key,
    s.source,
    s.subscriber_id,
    s.physical_id,
    s.kind,
    s.iccid,
    s.eid,
    s.imei,
    s.imeisv,
    s.eui,
    s.status,
    s.provider_status,
    s.customer_id,
    s.nickname,
    s.parent_key,
    s.is_enabled_on_parent,
    s.flags,
    s.extra,
    s.first_seen_at,
    s.changed_at,
    s.removed_at,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal) AS jsonb_agg
           FROM fleet.subscriber_imsi i
          WHERE i.subscriber_key = s.subscriber_key), '[]'::jsonb) AS imsi_pairs,
    ( SELECT to_jsonb(k.*) - 'subscriber_key'::text
           FROM fleet.contract k
          WHERE k.subscriber_key = s.subscriber_key) AS contract,
    NULL::timestamp with time zone AS superseded_at
   FROM fleet.subscriber s
UNION ALL
 SELECT h.subscriber_key,
    h.source,
    h.subscriber_id,
    h.physical_id,
    h.kind,
    h.iccid,
    h.eid,
    h.imei,
    h.imeisv,
    h.eui,
    h.status,
    h.provider_status,
    h.customer_id,
    h.nickname,
    h.parent_key,
    h.is_enabled_on_parent,
    h.flags,
    h.extra,
    s.first_seen_at,
    h.valid_from AS changed_at,
    h.removed_at,
    h.imsi_pairs,
    ( SELECT to_jsonb(k.*) - 'subscriber_key'::text
           FROM jsonb_populate_record(NULL::fleet.contract, h.contract) k(subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at, terminated_at, contract_months, is_active, is_barred, group_id, data_number, subscription_id, subscriber_type, smdp_provider)
          WHERE h.contract IS NOT NULL) AS contract,
    h.valid_to AS superseded_at
   FROM fleet.subscriber_history h
     JOIN fleet.subscriber s ON s.subscriber_key = h.subscriber_key;
COMMENT ON VIEW fleet.subscriber_version IS 'One row per version of a subscriber, superseded or in force: fleet.subscriber and its history in one, with the IMSIs and the contract of the time. Details, usage and network state have no versions.';
COMMENT ON COLUMN fleet.subscriber_version.subscriber_key IS 'Who was so.';
COMMENT ON COLUMN fleet.subscriber_version.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.subscriber_version.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID, part of the identity. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.subscriber_version.physical_id IS 'IoT-X physicalId in the provider''s own spelling: the identity there. Null at floLIVE.';
COMMENT ON COLUMN fleet.subscriber_version.kind IS 'cellular, non_ip, satellite or unknown. floLIVE: always cellular. IoT-X: told from the form of physicalId.';
COMMENT ON COLUMN fleet.subscriber_version.iccid IS 'SIM card serial number (E.118), 18 to 22 digits (floLIVE iccid; IoT-X physicalId of a cellular subscriber). Null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber_version.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid). Null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.subscriber_version.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14 (floLIVE imei; IoT-X physicalId of a satellite subscriber). Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber_version.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE imeisv). Null where none is registered, and at IoT-X.';
COMMENT ON COLUMN fleet.subscriber_version.eui IS 'Device EUI, 16 hexadecimal digits in lower case (IoT-X physicalId of a non-IP subscriber); null for others.';
COMMENT ON COLUMN fleet.subscriber_version.status IS 'active, suspended, inactive, terminated or unknown. floLIVE: from status. IoT-X: from terminateDate (past: terminated), isBarred (suspended) and isActive (active), the first that holds; else inactive.';
COMMENT ON COLUMN fleet.subscriber_version.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber_version.customer_id IS 'The customer that the subscriber is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.subscriber_version.nickname IS 'The name given to the subscriber (IoT-X nickname); null where none.';
COMMENT ON COLUMN fleet.subscriber_version.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X related.parent, or the place inside the parent''s profiles); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.subscriber_version.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X related.parent.isEnabledOnParent, else isEnabled); null where not told, and for a subscriber that is on no parent.';
COMMENT ON COLUMN fleet.subscriber_version.flags IS 'What is odd about the row, sorted: failed checks (iccid_luhn, eid_check), refused parts (imei_rejected). Empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.subscriber_version.extra IS 'Members that the provider sent and no column holds, as an object; null where there are none.';
COMMENT ON COLUMN fleet.subscriber_version.first_seen_at IS 'When a sync first found the subscriber: the same in all its versions.';
COMMENT ON COLUMN fleet.subscriber_version.changed_at IS 'Since when the subscriber was so (inclusive).';
COMMENT ON COLUMN fleet.subscriber_version.removed_at IS 'When the subscriber had been removed; null where this version was live.';
COMMENT ON COLUMN fleet.subscriber_version.imsi_pairs IS 'Its IMSIs: an array of {imsi, msisdn, is_last_active} in the provider''s order, empty where there were none.';
COMMENT ON COLUMN fleet.subscriber_version.contract IS 'Its row of fleet.contract, by column name, times in the time zone of the session that reads; null where there was none (floLIVE).';
COMMENT ON COLUMN fleet.subscriber_version.superseded_at IS 'Until when the subscriber was so (exclusive); null for the version in force.';
GRANT SELECT ON fleet.subscriber_version TO simsync_analyst;

CREATE VIEW fleet.walk AS
 SELECT w.run_id,
    w.source,
    w.listing,
    w.verdict,
    w.verdict = 'complete'::text AS is_complete,
    w.declared,
    w.distinct_records,
    w.repeated,
    w.started_at,
    w.finished_at
   FROM sync.walk w;
COMMENT ON VIEW fleet.walk IS 'One row per listing walked in a run: whether all of it was read, or why that is not proved.';
COMMENT ON COLUMN fleet.walk.run_id IS 'The run that walked it: fleet.run, with source.';
COMMENT ON COLUMN fleet.walk.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.walk.listing IS 'What was walked: a floLIVE customer''s UUID; subscribers (IoT-X), with its filter where only a window was asked for; details, where a backfill asked for those of everybody.';
COMMENT ON COLUMN fleet.walk.verdict IS 'complete, or the reason why the walk is not proved to be, such as lost_answer, miscounted or drift.';
COMMENT ON COLUMN fleet.walk.is_complete IS 'Whether the verdict is that all was read.';
COMMENT ON COLUMN fleet.walk.declared IS 'How many subscribers the provider announced (floLIVE totalRecordAmount); null where it announces none (IoT-X), or no answer came.';
COMMENT ON COLUMN fleet.walk.distinct_records IS 'Different records in the listing. An eSIM profile inside of another record (IoT-X) is counted in records of fleet.run only.';
COMMENT ON COLUMN fleet.walk.repeated IS 'Records of the listing that came more than once.';
COMMENT ON COLUMN fleet.walk.started_at IS 'When the walk began.';
COMMENT ON COLUMN fleet.walk.finished_at IS 'When the walk ended.';
GRANT SELECT ON fleet.walk TO simsync_analyst;

CREATE OR REPLACE FUNCTION fleet.find(identifier text)
 RETURNS TABLE(subscriber_key bigint, found_as text, held_until timestamp with time zone)
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
    WITH typed AS NOT MATERIALIZED (
        SELECT t.typed, t.bare,
            substring(t.bare FROM '^[0-9]{17,22}(?=[Ff]?$)') AS iccid,
            substring(t.bare FROM '^[0-9]{14}(?=[0-9]{0,2}$)') AS device,
            substring(t.bare FROM '^[0-9]{16}$') AS imeisv,
            substring(t.bare FROM '^[0-9]{32}$') AS eid,
            substring(t.bare FROM '^[0-9]{6,15}$') AS imsi,
            substring(t.bare FROM '^(?:00)?([1-9][0-9]{4,14})$') AS msisdn
        FROM (SELECT trim(identifier) AS typed, regexp_replace(replace(identifier, '(0)', ''), '[^[:alnum:]]', '', 'g') AS bare) t
    ), found (subscriber_key, found_as, held_until) AS (
        SELECT s.subscriber_key, 'iccid', NULL::timestamptz
        FROM typed t JOIN fleet.subscriber s ON s.iccid >= t.iccid AND s.iccid <= t.iccid || '9' AND length(s.iccid) <= length(t.iccid) + 1
        UNION ALL
        SELECT i.subscriber_key, 'imsi', NULL FROM typed t JOIN fleet.subscriber_imsi i ON i.imsi = t.imsi
        UNION ALL
        SELECT h.subscriber_key, 'imsi', h.valid_to
        FROM typed t JOIN fleet.subscriber_history h ON t.imsi IS NOT NULL AND h.imsi_pairs @> jsonb_build_array(jsonb_build_object('imsi', t.imsi))
        UNION ALL
        SELECT i.subscriber_key, 'msisdn', NULL FROM typed t JOIN fleet.subscriber_imsi i ON i.msisdn = t.msisdn
        UNION ALL
        SELECT h.subscriber_key, 'msisdn', h.valid_to
        FROM typed t JOIN fleet.subscriber_history h ON t.msisdn IS NOT NULL AND h.imsi_pairs @> jsonb_build_array(jsonb_build_object('msisdn', t.msisdn))
        UNION ALL
        SELECT s.subscriber_key, 'imei', NULL FROM typed t JOIN fleet.subscriber s ON s.imei >= t.device AND s.imei <= t.device || '9'
        UNION ALL
        SELECT h.subscriber_key, 'imei', h.valid_to FROM typed t JOIN fleet.subscriber_history h ON h.imei >= t.device AND h.imei <= t.device || '9'
        UNION ALL
        SELECT s.subscriber_key, 'imei', NULL
        FROM typed t JOIN fleet.subscriber s ON s.imeisv >= t.device AND s.imeisv <= t.device || '99'
            AND (s.imei IS NULL OR left(s.imei, 14) <> left(s.imeisv, 14))
        UNION ALL
        SELECT s.subscriber_key, 'eid', NULL FROM typed t JOIN fleet.subscriber s ON s.eid = t.eid
        UNION ALL
        SELECT s.subscriber_key, 'eid', p.removed_at
        FROM typed t
        JOIN fleet.esim_profile p ON p.eid = t.eid
        JOIN fleet.subscriber s ON s.source = p.source AND s.subscriber_id = p.subscriber_id AND s.iccid = p.iccid AND s.physical_id IS NULL
        UNION ALL
        SELECT h.subscriber_key, 'eid', h.valid_to FROM typed t JOIN fleet.subscriber_history h ON h.eid = t.eid
        UNION ALL
        SELECT s.subscriber_key, 'physical_id', NULL
        FROM typed t JOIN fleet.subscriber s ON s.physical_id IN (t.typed, t.bare, lower(t.bare), upper(t.bare)) AND s.kind <> 'cellular'
        UNION ALL
        SELECT s.subscriber_key, 'subscriber_id', NULL
        FROM typed t JOIN fleet.subscriber s ON s.subscriber_id IN (t.typed, lower(t.typed)) AND s.physical_id IS NULL
    )
    SELECT f.subscriber_key, f.found_as, CASE WHEN bool_and(f.held_until IS NOT NULL) THEN max(f.held_until) END
    FROM found f
    GROUP BY f.subscriber_key, f.found_as
$function$;
COMMENT ON FUNCTION fleet.find(text) IS 'The subscribers, removed ones included, that have or had an identifier, as it is typed: ICCID (spaces, dashes, a filler F; the check digit may be missing), IMSI, MSISDN with its country code (+ or 00, spaces, brackets), IMEI with or without its check digit or IMEISV (devices are the same by the first 14 digits), EID, EUI, floLIVE subscriberId or IoT-X physicalId. found_as says as what it was found, held_until until when the subscriber had it: null where it has it still, or had it when it was removed.';
GRANT EXECUTE ON FUNCTION fleet.find(text) TO simsync_analyst;

CREATE OR REPLACE FUNCTION fleet.history_reaches(a_time timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
DECLARE
    whole_since timestamptz := (SELECT since FROM sync.kept WHERE what = 'history');
BEGIN
    IF a_time < whole_since THEN
        RAISE EXCEPTION 'the fleet as of % is not known any more: its history is kept since %', a_time, whole_since
            USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Ask for a later time. fleet.kept tells since when the history is whole; the setting retention.history how long it is kept.';
    END IF;
    RETURN true;
END
$function$;
COMMENT ON FUNCTION fleet.history_reaches(timestamp with time zone) IS 'True where the history is whole since a_time; else an error that tells since when it is.';
GRANT EXECUTE ON FUNCTION fleet.history_reaches(timestamp with time zone) TO simsync_analyst;

CREATE OR REPLACE FUNCTION fleet.subscriber_at(at_time timestamp with time zone)
 RETURNS SETOF fleet.subscriber_version
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$
    SELECT v.*
    FROM fleet.subscriber_version v
    WHERE fleet.history_reaches(at_time)
      AND v.changed_at <= at_time
      AND (v.superseded_at IS NULL OR v.superseded_at > at_time)
$function$;
COMMENT ON FUNCTION fleet.subscriber_at(timestamp with time zone) IS 'The fleet as it was known at a moment: one row per subscriber that was known by then, as fleet.subscriber_version has it (removed_at is null where it was live). An error for a time before the history is whole (fleet.kept).';
GRANT EXECUTE ON FUNCTION fleet.subscriber_at(timestamp with time zone) TO simsync_analyst;

CREATE SCHEMA private;
COMMENT ON SCHEMA private IS 'Personal data: filled only by sources with contacts: keep, emptied when they no longer say so. Analysts have no access.';

CREATE TABLE private.contact (
    subscriber_key bigint NOT NULL,
    ordinal smallint NOT NULL,
    contact_id uuid,
    email_address text,
    type text,
    role text,
    salutation text,
    first_name text,
    middle_name text,
    last_name text,
    gender text,
    birthdate date,
    landline_phone text,
    mobile_phone text,
    additional_phone text,
    picture text,
    remarks text,
    extra jsonb,
    CONSTRAINT contact_pkey PRIMARY KEY (subscriber_key, ordinal),
    CONSTRAINT contact_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
COMMENT ON TABLE private.contact IS 'One row per contact of a floLIVE subscriber, as of its latest details. Only with contacts: keep.';
COMMENT ON COLUMN private.contact.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN private.contact.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN private.contact.contact_id IS 'floLIVE contact.id; one contact may belong to many subscribers.';
COMMENT ON COLUMN private.contact.email_address IS 'floLIVE contact.emailAddress.';
COMMENT ON COLUMN private.contact.type IS 'floLIVE contact.type: OWNER or MEMBER.';
COMMENT ON COLUMN private.contact.role IS 'floLIVE contact.role: SELFCARE or NONE.';
COMMENT ON COLUMN private.contact.salutation IS 'floLIVE contact.salutation: MR or MS.';
COMMENT ON COLUMN private.contact.first_name IS 'floLIVE contact.firstName.';
COMMENT ON COLUMN private.contact.middle_name IS 'floLIVE contact.middleName.';
COMMENT ON COLUMN private.contact.last_name IS 'floLIVE contact.lastName.';
COMMENT ON COLUMN private.contact.gender IS 'floLIVE contact.gender.';
COMMENT ON COLUMN private.contact.birthdate IS 'floLIVE contact.birthdate.';
COMMENT ON COLUMN private.contact.landline_phone IS 'floLIVE contact.landlinePhoneNumber.';
COMMENT ON COLUMN private.contact.mobile_phone IS 'floLIVE contact.mobilePhoneNumber.';
COMMENT ON COLUMN private.contact.additional_phone IS 'floLIVE contact.additionalPhoneNumber.';
COMMENT ON COLUMN private.contact.picture IS 'floLIVE contact.picture.';
COMMENT ON COLUMN private.contact.remarks IS 'floLIVE contact.remarks.';
COMMENT ON COLUMN private.contact.extra IS 'Members of the contact that no column holds; null where there are none.';

CREATE TABLE private.contact_identity (
    subscriber_key bigint NOT NULL,
    ordinal smallint NOT NULL,
    place smallint NOT NULL,
    id_type text,
    id_number text,
    CONSTRAINT contact_identity_pkey PRIMARY KEY (subscriber_key, ordinal, place),
    CONSTRAINT contact_identity_subscriber_key_ordinal_fkey FOREIGN KEY (subscriber_key, ordinal) REFERENCES private.contact(subscriber_key, ordinal) ON DELETE CASCADE
);
COMMENT ON TABLE private.contact_identity IS 'One row per identity number of a contact.';
COMMENT ON COLUMN private.contact_identity.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN private.contact_identity.ordinal IS 'The contact''s place in the provider''s list.';
COMMENT ON COLUMN private.contact_identity.place IS 'The identity''s place in the contact''s list, from 0.';
COMMENT ON COLUMN private.contact_identity.id_type IS 'floLIVE identity.idType: NATIONAL_ID, PASSPORT or DRIVER_LICENSE.';
COMMENT ON COLUMN private.contact_identity.id_number IS 'floLIVE identity.idNumber.';

CREATE SCHEMA sync;
COMMENT ON SCHEMA sync IS 'The program''s own: the ledger of runs, walks and rejects, what was asked for one by one, and the journal of write-backs.';

CREATE TABLE sync.change_request (
    change_id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    command_id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    line integer,
    subject_type text COLLATE "C" NOT NULL,
    subject_value text COLLATE "C" NOT NULL,
    subscriber_key bigint,
    from_customer_id uuid,
    target_customer_id uuid,
    nickname text,
    asked_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    request_id text,
    outcome text COLLATE "C" NOT NULL,
    code text,
    settled_at timestamp with time zone,
    settled_by text COLLATE "C",
    CONSTRAINT change_request_pkey PRIMARY KEY (change_id),
    CONSTRAINT change_request_asked CHECK ((((kind = 'move'::text) = (target_customer_id IS NOT NULL)) AND ((kind = 'nickname'::text) = (nickname IS NOT NULL)))),
    CONSTRAINT change_request_kind CHECK ((kind = ANY (ARRAY['move'::text, 'nickname'::text]))),
    CONSTRAINT change_request_outcome CHECK ((outcome = ANY (ARRAY['journalled'::text, 'accepted'::text, 'unknown'::text, 'done'::text, 'refused'::text, 'not_executed'::text, 'failed'::text]))),
    CONSTRAINT change_request_settled CHECK ((((settled_at IS NULL) = (outcome = ANY (ARRAY['journalled'::text, 'accepted'::text, 'unknown'::text]))) AND ((settled_at IS NULL) = (settled_by IS NULL)))),
    CONSTRAINT change_request_settled_by CHECK ((settled_by = ANY (ARRAY['answer'::text, 'call'::text, 'detail'::text, 'sync'::text]))),
    CONSTRAINT change_request_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
CREATE INDEX change_request_command_idx ON sync.change_request USING btree (command_id);
CREATE UNIQUE INDEX change_request_open_idx ON sync.change_request USING btree (kind, source, subject_type, subject_value) WHERE (outcome = ANY (ARRAY['journalled'::text, 'accepted'::text, 'unknown'::text]));
CREATE INDEX change_request_subscriber_idx ON sync.change_request USING btree (subscriber_key);
COMMENT ON TABLE sync.change_request IS 'The journal of write-backs: one row per step, written before it is sent. A step that is open is never sent again.';
COMMENT ON COLUMN sync.change_request.change_id IS 'Key; grows with time.';
COMMENT ON COLUMN sync.change_request.command_id IS 'The command that asked: a UUID of version 7, the same for all its steps.';
COMMENT ON COLUMN sync.change_request.kind IS 'move (to another customer) or nickname.';
COMMENT ON COLUMN sync.change_request.source IS 'The source whose provider is asked.';
COMMENT ON COLUMN sync.change_request.line IS 'The line of the CSV file, from 1; null where it came from the command line.';
COMMENT ON COLUMN sync.change_request.subject_type IS 'What subject_value is: IMSI, ICCID, MSISDN or IMEI (move), PHYSICAL_ID (nickname).';
COMMENT ON COLUMN sync.change_request.subject_value IS 'The identifier that names the subscriber to the provider.';
COMMENT ON COLUMN sync.change_request.subscriber_key IS 'The subscriber, where it is known.';
COMMENT ON COLUMN sync.change_request.from_customer_id IS 'The customer it belonged to when the step was journalled (move); null where not known.';
COMMENT ON COLUMN sync.change_request.target_customer_id IS 'The customer that it is to belong to (move); else null.';
COMMENT ON COLUMN sync.change_request.nickname IS 'The nickname that it is to have (nickname), empty to have none; else null.';
COMMENT ON COLUMN sync.change_request.asked_at IS 'When the step was journalled.';
COMMENT ON COLUMN sync.change_request.sent_at IS 'When the provider''s answer came, or was lost; null where nothing reached the provider, or the program ended before it knew.';
COMMENT ON COLUMN sync.change_request.request_id IS 'The provider''s requestId of an accepted move; null where there is none.';
COMMENT ON COLUMN sync.change_request.outcome IS 'Open: journalled (it may have been sent), accepted (the provider works on it), unknown (the answer was lost). Settled: done, refused (with a code), not_executed (nothing of its call was carried out: another step was refused, or the call was turned away or never arrived), failed (accepted or perhaps sent, and not carried out).';
COMMENT ON COLUMN sync.change_request.code IS 'The provider''s code of a refusal or failure, or HTTP_ and the status where it gave none; null where there is neither.';
COMMENT ON COLUMN sync.change_request.settled_at IS 'When the outcome was settled; null while it is open.';
COMMENT ON COLUMN sync.change_request.settled_by IS 'What settled it: answer (the provider''s own, or that the request never arrived), call (its request status), detail (the subscriber looked up), sync (a later run saw it).';

CREATE TABLE sync.detail_request (
    subscriber_key bigint NOT NULL,
    run_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    CONSTRAINT detail_request_pkey PRIMARY KEY (subscriber_key),
    CONSTRAINT detail_request_outcome CHECK ((outcome = ANY (ARRAY['found'::text, 'absent'::text, 'unreadable'::text, 'refused'::text]))),
    CONSTRAINT detail_request_subscriber_key_fkey FOREIGN KEY (subscriber_key) REFERENCES fleet.subscriber(subscriber_key)
);
COMMENT ON TABLE sync.detail_request IS 'One row per floLIVE subscriber whose details were asked for: when last, and what came of it. What was asked long ago, or before the subscriber changed, is asked again.';
COMMENT ON COLUMN sync.detail_request.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN sync.detail_request.run_id IS 'The run that asked last.';
COMMENT ON COLUMN sync.detail_request.asked_at IS 'When it was asked last.';
COMMENT ON COLUMN sync.detail_request.outcome IS 'found; absent (the provider has no such subscriber, or none of this subscriberId); unreadable; refused (the provider would not tell).';

CREATE TABLE sync.kept (
    what text COLLATE "C" NOT NULL,
    since timestamp with time zone,
    CONSTRAINT kept_pkey PRIMARY KEY (what),
    CONSTRAINT kept_what CHECK ((what = ANY (ARRAY['history'::text, 'usage'::text, 'rejects'::text, 'runs'::text])))
);
COMMENT ON TABLE sync.kept IS 'One row per kind that is kept for a time only: since when it is whole. Written in the transaction that deletes.';
COMMENT ON COLUMN sync.kept.what IS 'history (fleet.subscriber_history), usage (fleet.data_usage), rejects (sync.reject) or runs (sync.run, sync.walk).';
COMMENT ON COLUMN sync.kept.since IS 'Nothing from then or later has been deleted; null: nothing at all has.';

CREATE TABLE sync.profile_request (
    source text COLLATE "C" NOT NULL,
    eid text COLLATE "C" NOT NULL,
    run_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    CONSTRAINT profile_request_pkey PRIMARY KEY (source, eid),
    CONSTRAINT profile_request_outcome CHECK ((outcome = ANY (ARRAY['found'::text, 'absent'::text, 'unreadable'::text, 'refused'::text])))
);
COMMENT ON TABLE sync.profile_request IS 'One row per source and EID whose eSIM profiles were asked for: when last, and what came of it.';
COMMENT ON COLUMN sync.profile_request.source IS 'The floLIVE source that was asked.';
COMMENT ON COLUMN sync.profile_request.eid IS 'The EID.';
COMMENT ON COLUMN sync.profile_request.run_id IS 'The run that asked last.';
COMMENT ON COLUMN sync.profile_request.asked_at IS 'When it was asked last.';
COMMENT ON COLUMN sync.profile_request.outcome IS 'found; absent; unreadable; refused.';

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
COMMENT ON COLUMN sync.reject.listing IS 'The listing that the record came in: one that was walked (sync.walk), or details or profiles.';
COMMENT ON COLUMN sync.reject.is_whole IS 'True: the record gave no row. False: only the field named was refused.';
COMMENT ON COLUMN sync.reject.subject IS 'What of the record''s identity could be read; null where nothing could.';
COMMENT ON COLUMN sync.reject.field IS 'The member at fault, as the provider words it; null for the record as such.';
COMMENT ON COLUMN sync.reject.reason IS 'Why it was refused.';
COMMENT ON COLUMN sync.reject.record IS 'The record whole, as received, but for a contact in details; null where it is not text that PostgreSQL can hold.';
COMMENT ON COLUMN sync.reject.record_bytes IS 'The record whole, as received, where it is not valid text; else null.';
COMMENT ON COLUMN sync.reject.rejected_at IS 'When the run''s result was promoted, or the answer''s batch committed (details and profiles).';

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
    details_asked bigint,
    details_found bigint,
    profiles_asked bigint,
    profiles_found bigint,
    as_of timestamp with time zone,
    connected_since timestamp with time zone,
    connected_until timestamp with time zone,
    load_outcome text COLLATE "C",
    continues_run_id uuid,
    CONSTRAINT run_pkey PRIMARY KEY (run_id, source),
    CONSTRAINT run_balance CHECK ((records = ((((inserted + updated) + unchanged) + repeated) + rejected))),
    CONSTRAINT run_closed CHECK ((((finished_at IS NULL) = (outcome IS NULL)) AND ((outcome IS NULL) = (exit_code IS NULL)))),
    CONSTRAINT run_counts CHECK ((LEAST(declared, records, inserted, updated, unchanged, repeated, rejected, rejected_parts, removed, requests, retries, bytes) >= 0)),
    CONSTRAINT run_enriched CHECK (((LEAST(details_asked, details_found, profiles_asked, profiles_found) >= 0) AND (details_found <= details_asked))),
    CONSTRAINT run_load_outcome CHECK ((load_outcome = ANY (ARRAY['ok'::text, 'incomplete'::text, 'held_back'::text]))),
    CONSTRAINT run_outcome CHECK ((outcome = ANY (ARRAY['ok'::text, 'incomplete'::text, 'held_back'::text, 'failed'::text, 'interrupted'::text])))
);
CREATE INDEX run_started_idx ON sync.run USING btree (started_at);
COMMENT ON TABLE sync.run IS 'The ledger: one row per run and source, written before the run begins and closed at its end. Every record read is accounted for: records = inserted + updated + unchanged + repeated + rejected.';
COMMENT ON COLUMN sync.run.run_id IS 'The run: a UUID of version 7, so runs sort by time. The same for all sources of a run.';
COMMENT ON COLUMN sync.run.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN sync.run.command IS 'The command that ran: run or backfill.';
COMMENT ON COLUMN sync.run.started_at IS 'When the run began on this source.';
COMMENT ON COLUMN sync.run.finished_at IS 'When it ended; null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN sync.run.outcome IS 'ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed (nothing loaded where records is null, else all of it: only the answer to the COMMIT was lost); interrupted (nothing loaded where records is null, else in the enrichment). Null: running or killed. An enrichment that broke off leaves the outcome as the load was, with an error and its exit code.';
COMMENT ON COLUMN sync.run.exit_code IS 'What this source alone would make the command exit with.';
COMMENT ON COLUMN sync.run.error IS 'Why the outcome is not ok, or the enrichment broke off, in one line; of a run without an end, why its load is not complete; null where there is nothing to say.';
COMMENT ON COLUMN sync.run.version IS 'The program''s version.';
COMMENT ON COLUMN sync.run.declared IS 'How many subscribers the provider announced over all its walks; null where it announces none (IoT-X) or not every walk came so far.';
COMMENT ON COLUMN sync.run.records IS 'Records read in the walks'' last sessions, profiles nested in others and subscribers asked for by their physicalId included. Null, as all counts: nothing was promoted.';
COMMENT ON COLUMN sync.run.inserted IS 'Subscribers that are new.';
COMMENT ON COLUMN sync.run.updated IS 'Subscribers that changed, those that came back included.';
COMMENT ON COLUMN sync.run.unchanged IS 'Subscribers found as they were.';
COMMENT ON COLUMN sync.run.repeated IS 'Records of a subscriber that another record of the same run speaks of too; the last one wins.';
COMMENT ON COLUMN sync.run.rejected IS 'Records of the walks that could not be rows (sync.reject, is_whole).';
COMMENT ON COLUMN sync.run.rejected_parts IS 'Pairs and fields refused in records of the walks that were loaded (sync.reject, not is_whole).';
COMMENT ON COLUMN sync.run.removed IS 'Subscribers marked removed.';
COMMENT ON COLUMN sync.run.requests IS 'Requests sent to the provider, repeats included.';
COMMENT ON COLUMN sync.run.retries IS 'Requests that repeated another.';
COMMENT ON COLUMN sync.run.bytes IS 'Bytes of the provider''s answers, decompressed.';
COMMENT ON COLUMN sync.run.details_asked IS 'floLIVE subscribers whose details were asked for, and of whom the provider said something. Null, as the three beside it: no enrichment began.';
COMMENT ON COLUMN sync.run.details_found IS 'Those of them whose details were read.';
COMMENT ON COLUMN sync.run.profiles_asked IS 'EIDs whose eSIM profiles were asked for, and of which the provider said something.';
COMMENT ON COLUMN sync.run.profiles_found IS 'eSIM profiles read on those EIDs.';
COMMENT ON COLUMN sync.run.as_of IS 'As of when the data is: the changed_at of the versions that this run made. A replay from an archive has the time of the run that it replays. Null: nothing was promoted. Of runs older than this column: when the last walk ended.';
COMMENT ON COLUMN sync.run.connected_since IS 'Only subscribers connected then or later were asked for (a windowed backfill); null: no such bound.';
COMMENT ON COLUMN sync.run.connected_until IS 'Only subscribers connected before then were asked for (a windowed backfill); null: no such bound.';
COMMENT ON COLUMN sync.run.load_outcome IS 'How the load itself ended, written with it in one transaction: ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back). Null: nothing was promoted, or an older version of the program did.';
COMMENT ON COLUMN sync.run.continues_run_id IS 'The run whose details and eSIM profiles this one went on with, as a replay does that broke off among them: it read no listing and loaded nothing else. Null for all others.';

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

CREATE OR REPLACE FUNCTION sync.drop_usage_partition(a_day date)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET lock_timeout TO '500ms'
AS $function$
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
$function$;
COMMENT ON FUNCTION sync.drop_usage_partition(date) IS 'Drops the partition of fleet.data_usage that holds a_day, a UTC day, where it is there and all of it is older than sync.kept says that usage is whole. It waits half a second for readers to let go.';

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
    as_the_whole text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'fleet' AND tablename = partition) THEN -- another source may have been first
        -- Attaching lets readers and writers of the table go on; creating it as a partition would not.
        EXECUTE format('CREATE TABLE fleet.%I (LIKE fleet.data_usage INCLUDING ALL)', partition);
        EXECUTE format('COMMENT ON TABLE fleet.%I IS %L', partition, format('fleet.data_usage from %s until before %s.', from_day, until_day));
        EXECUTE format('ALTER TABLE fleet.data_usage ATTACH PARTITION fleet.%I FOR VALUES FROM (%L) TO (%L)', partition, from_day, until_day);
    END IF;
    FOR as_the_whole IN
        SELECT format('COMMENT ON COLUMN fleet.%I.%I IS %L', partition, a.attname, col_description(a.attrelid, a.attnum))
        FROM pg_attribute a
        WHERE a.attrelid = 'fleet.data_usage'::regclass AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT format('COMMENT ON CONSTRAINT %I ON fleet.%I IS %L', k.conname, partition, obj_description(w.oid, 'pg_constraint'))
        FROM pg_constraint w
        JOIN pg_constraint k ON k.conparentid = w.oid OR k.contype = 'c' AND k.conname = w.conname
        WHERE w.conrelid = 'fleet.data_usage'::regclass
          AND k.conrelid = format('fleet.%I', partition)::regclass
        UNION ALL
        SELECT format('COMMENT ON INDEX fleet.%I IS %L', i.relname, obj_description(w.indexrelid, 'pg_class'))
        FROM pg_index w
        JOIN pg_inherits h ON h.inhparent = w.indexrelid
        JOIN pg_index p ON p.indexrelid = h.inhrelid
        JOIN pg_class i ON i.oid = h.inhrelid
        WHERE w.indrelid = 'fleet.data_usage'::regclass
          AND p.indrelid = format('fleet.%I', partition)::regclass
        UNION ALL
        SELECT format('GRANT %s ON fleet.%I TO %s%s', g.privilege_type, partition,
            CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END, CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END)
        FROM pg_class w, aclexplode(w.relacl) g
        WHERE w.oid = 'fleet.data_usage'::regclass AND g.grantee <> w.relowner
    LOOP
        EXECUTE as_the_whole;
    END LOOP;
END
$function$;
COMMENT ON FUNCTION sync.make_usage_partition(date) IS 'Makes the partition of fleet.data_usage that holds a_day, a UTC day, unless it is there, and gives it the comments and grants of the whole.';
REVOKE EXECUTE ON FUNCTION sync.make_usage_partition(date) FROM PUBLIC;
