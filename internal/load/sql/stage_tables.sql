-- The stage belongs to one session: temporary, so it writes no WAL and is gone
-- with its connection, however that ends. "walk" is the walk's number in this run.
CREATE TEMPORARY TABLE stage_subscriber (
    walk            smallint NOT NULL,
    stage_row       bigint   NOT NULL, -- grows: of two rows of one key the higher wins
    subscriber_key  bigint   NOT NULL,
    is_new          boolean  NOT NULL, -- no row of this key is in fleet.subscriber
    is_top          boolean  NOT NULL, -- from a record of its own, not from its parent's
    subscriber_id   text COLLATE "C",
    physical_id     text COLLATE "C",
    kind            text COLLATE "C" NOT NULL,
    iccid           text COLLATE "C",
    eid             text COLLATE "C",
    imei            text COLLATE "C",
    imeisv          text COLLATE "C",
    eui             text COLLATE "C",
    status          text COLLATE "C" NOT NULL,
    provider_status text,
    customer_id     uuid,
    nickname        text,
    flags           text[] NOT NULL,
    extra           jsonb,
    content_hash    bigint NOT NULL
);
CREATE TEMPORARY TABLE stage_imsi (
    walk           smallint NOT NULL,
    stage_row      bigint   NOT NULL,
    ordinal        smallint NOT NULL,
    imsi           text COLLATE "C" NOT NULL,
    msisdn         text COLLATE "C",
    is_last_active boolean NOT NULL
);
CREATE TEMPORARY TABLE stage_contract (
    walk              smallint NOT NULL,
    stage_row         bigint   NOT NULL,
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
CREATE TEMPORARY TABLE stage_observation (
    walk             smallint NOT NULL,
    stage_row        bigint   NOT NULL,
    subscriber_key   bigint   NOT NULL,
    is_online        boolean,
    is_transferring  boolean,
    data_usage_bytes bigint,
    observed_at      timestamptz NOT NULL
);
CREATE TEMPORARY TABLE stage_reject (
    walk          smallint NOT NULL,
    is_whole      boolean NOT NULL,
    subject       text,
    field         text,
    reason        text NOT NULL,
    record        text,
    record_bytes  bytea,
    subscriber_id text COLLATE "C",
    iccid         text COLLATE "C"
);
CREATE TEMPORARY TABLE stage_link (
    subscriber_key bigint PRIMARY KEY,
    parent_key     bigint,
    is_enabled     boolean
);
CREATE TEMPORARY TABLE stage_gone (
    subscriber_key bigint PRIMARY KEY
);
-- The subscribers whose version in force is superseded, and since when.
CREATE TEMPORARY TABLE stage_changed (
    subscriber_key bigint PRIMARY KEY,
    changed_at     timestamptz NOT NULL,
    is_gone        boolean NOT NULL
);
