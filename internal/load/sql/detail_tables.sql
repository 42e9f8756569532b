-- What enrichment needs of its session: queues that outlive a batch, and a stage that
-- each commit empties.
CREATE TEMPORARY TABLE IF NOT EXISTS queue_detail (
    place           bigint PRIMARY KEY,
    iccid           text COLLATE "C" NOT NULL,
    subscriber_keys bigint[] NOT NULL,
    subscriber_ids  text[] NOT NULL
);
CREATE TEMPORARY TABLE IF NOT EXISTS queue_profile (
    place bigint PRIMARY KEY,
    eid   text COLLATE "C" NOT NULL
);
CREATE TEMPORARY TABLE IF NOT EXISTS stage_eid (
    eid text COLLATE "C" NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_detail_answer (
    subscriber_key bigint PRIMARY KEY,
    asked_at       timestamptz NOT NULL,
    outcome        text COLLATE "C" NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_detail (LIKE fleet.subscriber_detail) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_offer (LIKE fleet.subscriber_offer) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_contact (LIKE private.contact) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_contact_identity (LIKE private.contact_identity) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_profile_answer (
    eid         text COLLATE "C" PRIMARY KEY,
    asked_at    timestamptz NOT NULL,
    outcome     text COLLATE "C" NOT NULL,
    is_complete boolean NOT NULL -- absence from the answer proves absence from the EID
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_profile (
    eid           text COLLATE "C" NOT NULL,
    profile_id    uuid NOT NULL,
    name          text,
    is_active     boolean,
    subscriber_id text COLLATE "C",
    iccid         text COLLATE "C",
    imei          text COLLATE "C",
    imeisv        text COLLATE "C",
    flags         text[] NOT NULL,
    extra         jsonb,
    fetched_at    timestamptz NOT NULL,
    PRIMARY KEY (eid, profile_id)
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS stage_profile_imsi (
    eid            text COLLATE "C" NOT NULL,
    profile_id     uuid NOT NULL,
    ordinal        smallint NOT NULL,
    imsi           text COLLATE "C" NOT NULL,
    msisdn         text COLLATE "C",
    is_last_active boolean NOT NULL,
    PRIMARY KEY (eid, profile_id, ordinal)
) ON COMMIT DELETE ROWS;
