-- What floLIVE tells of one subscriber or one EID at a time: details, offers and
-- eSIM profiles in `fleet`, contacts (personal data) in a schema of their own, and
-- in `sync` when each was last asked for.

-- +goose Up
CREATE TABLE fleet.subscriber_detail (
    subscriber_key            bigint PRIMARY KEY REFERENCES fleet.subscriber,
    alias                     text,
    tags                      text[] NOT NULL,
    system_labels             text[] NOT NULL,
    user_labels               text[] NOT NULL,
    longitude                 double precision,
    latitude                  double precision,
    mcc                       text COLLATE "C",
    mnc                       text COLLATE "C",
    lac                       text COLLATE "C",
    cid                       text COLLATE "C",
    last_rat_type             text,
    last_rat_type_label       text,
    last_data_rat_type        text,
    last_data_rat_type_label  text,
    last_apn                  text,
    is_in_data_session        boolean,
    last_data_session_at      timestamptz,
    last_ip                   inet,
    first_activated_at        timestamptz,
    custom_fields             jsonb,
    flags                     text[] NOT NULL,
    extra                     jsonb,
    fetched_at                timestamptz NOT NULL,
    CONSTRAINT subscriber_detail_longitude CHECK (longitude BETWEEN -180 AND 180),
    CONSTRAINT subscriber_detail_latitude CHECK (latitude BETWEEN -90 AND 90)
);
COMMENT ON TABLE fleet.subscriber_detail IS 'One row per floLIVE subscriber whose details were read: the latest that the provider told. Details never make a subscriber changed and have no history.';
COMMENT ON COLUMN fleet.subscriber_detail.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.subscriber_detail.alias IS 'floLIVE alias: a name given to the subscriber; null where none, and always for a subscriber of a sub-customer.';
COMMENT ON COLUMN fleet.subscriber_detail.tags IS 'floLIVE tags; empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.system_labels IS 'floLIVE systemLabels; empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.user_labels IS 'floLIVE userLabels; empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.longitude IS 'floLIVE lastKnownLocation.longitude in degrees east, -180 to 180; null where not told or out of range (then raw in extra, flag location_range).';
COMMENT ON COLUMN fleet.subscriber_detail.latitude IS 'floLIVE lastKnownLocation.latitude in degrees north, -90 to 90; null where not told or out of range (then raw in extra, flag location_range).';
COMMENT ON COLUMN fleet.subscriber_detail.mcc IS 'floLIVE lastConnectedNetwork.mcc: mobile country code, leading zeros kept.';
COMMENT ON COLUMN fleet.subscriber_detail.mnc IS 'floLIVE lastConnectedNetwork.mnc: mobile network code, leading zeros kept.';
COMMENT ON COLUMN fleet.subscriber_detail.lac IS 'floLIVE lastConnectedNetwork.lac: location area code.';
COMMENT ON COLUMN fleet.subscriber_detail.cid IS 'floLIVE lastConnectedNetwork.cid: cell identity.';
COMMENT ON COLUMN fleet.subscriber_detail.last_rat_type IS 'floLIVE lastRatType: radio access technology last connected by, as the provider words or numbers it.';
COMMENT ON COLUMN fleet.subscriber_detail.last_rat_type_label IS 'floLIVE lastRatTypeLabel: its name.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_rat_type IS 'floLIVE lastDataRatType: radio access technology of the last data session.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_rat_type_label IS 'floLIVE lastDataRatTypeLabel: its name.';
COMMENT ON COLUMN fleet.subscriber_detail.last_apn IS 'floLIVE lastApn: access point name last connected to.';
COMMENT ON COLUMN fleet.subscriber_detail.is_in_data_session IS 'floLIVE isInDataSession when fetched; null where not told.';
COMMENT ON COLUMN fleet.subscriber_detail.last_data_session_at IS 'floLIVE lastDataSession: end of the last closed data session, UTC.';
COMMENT ON COLUMN fleet.subscriber_detail.last_ip IS 'floLIVE lastIp: the last IP address.';
COMMENT ON COLUMN fleet.subscriber_detail.first_activated_at IS 'floLIVE firstActivatedTime: the first activation signal received from the SIM, UTC.';
COMMENT ON COLUMN fleet.subscriber_detail.custom_fields IS 'floLIVE customFields, as received; null where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.flags IS 'What is odd about the details, as in fleet.subscriber.flags.';
COMMENT ON COLUMN fleet.subscriber_detail.extra IS 'Members that the provider sent and no column holds; null where there are none. Never a contact.';
COMMENT ON COLUMN fleet.subscriber_detail.fetched_at IS 'When the provider''s answer was received.';

CREATE TABLE fleet.subscriber_offer (
    subscriber_key   bigint NOT NULL REFERENCES fleet.subscriber,
    ordinal          smallint NOT NULL,
    offer_id         uuid NOT NULL,
    name             text,
    description      text,
    attached_at      timestamptz,
    renews_on        date,
    expires_on       date,
    priority         integer,
    linked_offer_ids uuid[] NOT NULL,
    PRIMARY KEY (subscriber_key, ordinal)
);
CREATE INDEX subscriber_offer_offer_idx ON fleet.subscriber_offer (offer_id);
CREATE INDEX subscriber_offer_expires_idx ON fleet.subscriber_offer (expires_on) WHERE expires_on IS NOT NULL;
COMMENT ON TABLE fleet.subscriber_offer IS 'One row per offer of a floLIVE subscriber, in the provider''s order, as of its latest details. An offer may belong to many subscribers.';
COMMENT ON COLUMN fleet.subscriber_offer.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN fleet.subscriber_offer.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.subscriber_offer.offer_id IS 'floLIVE offer.id, as in its product catalogue.';
COMMENT ON COLUMN fleet.subscriber_offer.name IS 'floLIVE offer.name.';
COMMENT ON COLUMN fleet.subscriber_offer.description IS 'floLIVE offer.description.';
COMMENT ON COLUMN fleet.subscriber_offer.attached_at IS 'floLIVE offer.attachTimestamp, UTC.';
COMMENT ON COLUMN fleet.subscriber_offer.renews_on IS 'floLIVE offer.renewalDate: the next renewal.';
COMMENT ON COLUMN fleet.subscriber_offer.expires_on IS 'floLIVE offer.expirationDate.';
COMMENT ON COLUMN fleet.subscriber_offer.priority IS 'floLIVE offer.priority: the order in which plans are consumed.';
COMMENT ON COLUMN fleet.subscriber_offer.linked_offer_ids IS 'floLIVE offer.linkedOfferIds; empty where none is linked.';

CREATE TABLE fleet.esim_profile (
    source        text COLLATE "C" NOT NULL,
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
    first_seen_at timestamptz NOT NULL,
    fetched_at    timestamptz NOT NULL,
    removed_at    timestamptz,
    PRIMARY KEY (source, eid, profile_id),
    CONSTRAINT esim_profile_eid CHECK (eid ~ '^[0-9]{32}$'),
    CONSTRAINT esim_profile_iccid CHECK (iccid ~ '^[0-9]{18,22}$')
);
CREATE INDEX esim_profile_iccid_idx ON fleet.esim_profile (iccid);
COMMENT ON TABLE fleet.esim_profile IS 'One row per eSIM profile on an EID of a floLIVE source, also those that left it (removed_at is set).';
COMMENT ON COLUMN fleet.esim_profile.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.esim_profile.eid IS 'The eUICC (SGP.29, 32 digits) that was asked about; the provider''s answer does not repeat it.';
COMMENT ON COLUMN fleet.esim_profile.profile_id IS 'floLIVE profile id.';
COMMENT ON COLUMN fleet.esim_profile.name IS 'floLIVE profile name.';
COMMENT ON COLUMN fleet.esim_profile.is_active IS 'floLIVE isActive: whether this is the profile last known as active on its EID.';
COMMENT ON COLUMN fleet.esim_profile.subscriber_id IS 'floLIVE subscriberId of the profile; several profiles may share one.';
COMMENT ON COLUMN fleet.esim_profile.iccid IS 'ICCID of the profile (E.118).';
COMMENT ON COLUMN fleet.esim_profile.imei IS 'Device identity registered with the profile; null where none.';
COMMENT ON COLUMN fleet.esim_profile.imeisv IS 'Device identity with software version; null where none.';
COMMENT ON COLUMN fleet.esim_profile.flags IS 'What is odd about the row, as in fleet.subscriber.flags.';
COMMENT ON COLUMN fleet.esim_profile.extra IS 'Members that the provider sent and no column holds; null where there are none.';
COMMENT ON COLUMN fleet.esim_profile.first_seen_at IS 'When the profile was first found on the EID.';
COMMENT ON COLUMN fleet.esim_profile.fetched_at IS 'When the provider last told of it.';
COMMENT ON COLUMN fleet.esim_profile.removed_at IS 'When the profile was no longer on the EID; null while it is.';

CREATE TABLE fleet.esim_profile_imsi (
    source         text COLLATE "C" NOT NULL,
    eid            text COLLATE "C" NOT NULL,
    profile_id     uuid NOT NULL,
    ordinal        smallint NOT NULL,
    imsi           text COLLATE "C" NOT NULL,
    msisdn         text COLLATE "C",
    is_last_active boolean NOT NULL,
    PRIMARY KEY (source, eid, profile_id, ordinal),
    FOREIGN KEY (source, eid, profile_id) REFERENCES fleet.esim_profile
);
CREATE INDEX esim_profile_imsi_imsi_idx ON fleet.esim_profile_imsi (imsi);
COMMENT ON TABLE fleet.esim_profile_imsi IS 'One row per IMSI of an eSIM profile, with its MSISDN, in the provider''s order.';
COMMENT ON COLUMN fleet.esim_profile_imsi.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.esim_profile_imsi.eid IS 'The profile''s EID.';
COMMENT ON COLUMN fleet.esim_profile_imsi.profile_id IS 'The profile.';
COMMENT ON COLUMN fleet.esim_profile_imsi.ordinal IS 'The place in the provider''s list, from 0.';
COMMENT ON COLUMN fleet.esim_profile_imsi.imsi IS 'International mobile subscriber identity (E.212).';
COMMENT ON COLUMN fleet.esim_profile_imsi.msisdn IS 'Phone number (E.164) without +; null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.esim_profile_imsi.is_last_active IS 'Whether this is the IMSI last known as active.';

CREATE SCHEMA private;
COMMENT ON SCHEMA private IS 'Personal data: filled only by sources with contacts: keep, emptied when they no longer say so. Analysts have no access.';
REVOKE ALL ON SCHEMA private FROM PUBLIC;

CREATE TABLE private.contact (
    subscriber_key   bigint NOT NULL REFERENCES fleet.subscriber,
    ordinal          smallint NOT NULL,
    contact_id       uuid,
    email_address    text,
    type             text,
    role             text,
    salutation       text,
    first_name       text,
    middle_name      text,
    last_name        text,
    gender           text,
    birthdate        date,
    landline_phone   text,
    mobile_phone     text,
    additional_phone text,
    picture          text,
    remarks          text,
    extra            jsonb,
    PRIMARY KEY (subscriber_key, ordinal)
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
    ordinal        smallint NOT NULL,
    place          smallint NOT NULL,
    id_type        text,
    id_number      text,
    PRIMARY KEY (subscriber_key, ordinal, place),
    FOREIGN KEY (subscriber_key, ordinal) REFERENCES private.contact ON DELETE CASCADE
);
COMMENT ON TABLE private.contact_identity IS 'One row per identity number of a contact.';
COMMENT ON COLUMN private.contact_identity.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN private.contact_identity.ordinal IS 'The contact''s place in the provider''s list.';
COMMENT ON COLUMN private.contact_identity.place IS 'The identity''s place in the contact''s list, from 0.';
COMMENT ON COLUMN private.contact_identity.id_type IS 'floLIVE identity.idType: NATIONAL_ID, PASSPORT or DRIVER_LICENSE.';
COMMENT ON COLUMN private.contact_identity.id_number IS 'floLIVE identity.idNumber.';

CREATE TABLE sync.detail_request (
    subscriber_key bigint PRIMARY KEY REFERENCES fleet.subscriber,
    run_id         uuid NOT NULL,
    asked_at       timestamptz NOT NULL,
    outcome        text COLLATE "C" NOT NULL,
    CONSTRAINT detail_request_outcome CHECK (outcome IN ('found', 'absent', 'unreadable', 'refused'))
);
COMMENT ON TABLE sync.detail_request IS 'One row per floLIVE subscriber whose details were asked for: when last, and what came of it. What was asked long ago, or before the subscriber changed, is asked again.';
COMMENT ON COLUMN sync.detail_request.subscriber_key IS 'The subscriber.';
COMMENT ON COLUMN sync.detail_request.run_id IS 'The run that asked last.';
COMMENT ON COLUMN sync.detail_request.asked_at IS 'When it was asked last.';
COMMENT ON COLUMN sync.detail_request.outcome IS 'found; absent (the provider has no such subscriber, or none of this subscriberId); unreadable; refused (the provider would not tell).';

CREATE TABLE sync.profile_request (
    source   text COLLATE "C" NOT NULL,
    eid      text COLLATE "C" NOT NULL,
    run_id   uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    outcome  text COLLATE "C" NOT NULL,
    PRIMARY KEY (source, eid),
    CONSTRAINT profile_request_outcome CHECK (outcome IN ('found', 'absent', 'unreadable', 'refused'))
);
COMMENT ON TABLE sync.profile_request IS 'One row per source and EID whose eSIM profiles were asked for: when last, and what came of it.';
COMMENT ON COLUMN sync.profile_request.source IS 'The floLIVE source that was asked.';
COMMENT ON COLUMN sync.profile_request.eid IS 'The EID.';
COMMENT ON COLUMN sync.profile_request.run_id IS 'The run that asked last.';
COMMENT ON COLUMN sync.profile_request.asked_at IS 'When it was asked last.';
COMMENT ON COLUMN sync.profile_request.outcome IS 'found; absent; unreadable; refused.';

-- Whether a run enriched, and what came of it.
ALTER TABLE sync.run
    ADD COLUMN details_asked  bigint,
    ADD COLUMN details_found  bigint,
    ADD COLUMN profiles_asked bigint,
    ADD COLUMN profiles_found bigint,
    ADD CONSTRAINT run_enriched CHECK (least(details_asked, details_found, profiles_asked, profiles_found) >= 0 AND details_found <= details_asked);
COMMENT ON COLUMN sync.run.details_asked IS 'floLIVE subscribers whose details were asked for, and of whom the provider said something. Null, as the three beside it: no enrichment began.';
COMMENT ON COLUMN sync.run.details_found IS 'Those of them whose details were read.';
COMMENT ON COLUMN sync.run.profiles_asked IS 'EIDs whose eSIM profiles were asked for, and of which the provider said something.';
COMMENT ON COLUMN sync.run.profiles_found IS 'eSIM profiles read on those EIDs.';
COMMENT ON COLUMN sync.run.outcome IS 'ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed (nothing loaded where records is null, else all of it: only the answer to the COMMIT was lost); interrupted (nothing loaded where records is null, else in the enrichment). Null: running or killed. An enrichment that broke off leaves the outcome as the load was, with an error and its exit code.';
COMMENT ON COLUMN sync.run.error IS 'Why the outcome is not ok, or the enrichment broke off, in one line; null where neither is.';
COMMENT ON COLUMN sync.run.rejected IS 'Records of the walks that could not be rows (sync.reject, is_whole).';
COMMENT ON COLUMN sync.run.rejected_parts IS 'Pairs and fields refused in records of the walks that were loaded (sync.reject, not is_whole).';
COMMENT ON COLUMN sync.reject.listing IS 'The listing that the record came in: one that was walked (sync.walk), or details or profiles.';
COMMENT ON COLUMN sync.reject.record IS 'The record whole, as received, but for a contact in details; null where it is not text that PostgreSQL can hold.';
COMMENT ON COLUMN sync.reject.rejected_at IS 'When the run''s result was promoted, or the answer''s batch committed (details and profiles).';

-- A role may have been created, or granted its rights, since the first migration.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'simsync_analyst') THEN
        GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO simsync_analyst;
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- Much of it can be asked for again, over nights; but not of subscribers that are gone, nor
-- which profiles had left their EID. So a database that knows anything is not emptied.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM fleet.subscriber_detail) OR EXISTS (SELECT FROM fleet.esim_profile) OR EXISTS (SELECT FROM private.contact)
        OR EXISTS (SELECT FROM sync.run WHERE details_asked IS NOT NULL) THEN
        RAISE EXCEPTION 'details, eSIM profiles or contacts were read: migrating down would lose them, and the providers do not tell all of them again'
            USING HINT = 'To lose them on purpose: DELETE FROM private.contact; DELETE FROM fleet.subscriber_offer; DELETE FROM fleet.subscriber_detail; '
                'DELETE FROM fleet.esim_profile_imsi; DELETE FROM fleet.esim_profile; '
                'UPDATE sync.run SET details_asked = NULL, details_found = NULL, profiles_asked = NULL, profiles_found = NULL;';
    END IF;
END
$$;
-- +goose StatementEnd
COMMENT ON COLUMN sync.reject.rejected_at IS 'When the run''s result was promoted.';
COMMENT ON COLUMN sync.reject.record IS 'The record whole, as received; null where it is not text that PostgreSQL can hold.';
COMMENT ON COLUMN sync.reject.listing IS 'The listing that the record came in.';
COMMENT ON COLUMN sync.run.rejected_parts IS 'Pairs and fields refused in records that were loaded (sync.reject, not is_whole).';
COMMENT ON COLUMN sync.run.rejected IS 'Records that could not be rows (sync.reject, is_whole).';
COMMENT ON COLUMN sync.run.error IS 'Why the outcome is not ok, in one line; null where it is.';
COMMENT ON COLUMN sync.run.outcome IS 'ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed and interrupted (nothing loaded). Null: running or killed.';
ALTER TABLE sync.run
    DROP CONSTRAINT run_enriched,
    DROP COLUMN details_asked,
    DROP COLUMN details_found,
    DROP COLUMN profiles_asked,
    DROP COLUMN profiles_found;
DROP TABLE sync.profile_request;
DROP TABLE sync.detail_request;
DROP SCHEMA private CASCADE;
DROP TABLE fleet.esim_profile_imsi;
DROP TABLE fleet.esim_profile;
DROP TABLE fleet.subscriber_offer;
DROP TABLE fleet.subscriber_detail;
