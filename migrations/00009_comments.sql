-- A schema that explains itself: what every key, check and index of `fleet` is for, and
-- for every column what it means, in which unit, from which field of the provider's, and
-- when it is null. With it go a mend of a view, and what a new month of usage owes to
-- those who may read the whole.

-- +goose Up
-- Months that are there already get the comments and grants as well: the function is
-- called for each below. A foreign key's copy on a partition has no comment of its own,
-- and LIKE copies no grants.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION sync.make_usage_partition(a_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
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
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION sync.make_usage_partition IS 'Makes the partition of fleet.data_usage that holds a_day, a UTC day, unless it is there, and gives it the comments and grants of the whole.';

-- It acts with its owner's rights, so only those call it who load usage: they keep what
-- everybody had.
-- +goose StatementBegin
DO $$
DECLARE
    loader regrole;
BEGIN
    FOR loader IN
        SELECT g.grantee
        FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.oid = 'fleet.data_usage'::regclass AND g.privilege_type = 'INSERT' AND g.grantee NOT IN (0, c.relowner)
    LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION sync.make_usage_partition TO %s', loader);
    END LOOP;
END
$$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION sync.make_usage_partition FROM PUBLIC;

-- Times in the contract of a superseded version stand in the zone of the session that
-- wrote it, those of the one in force in the reader's: two versions of the same terms
-- would differ. Read back into the table's columns, all are in the reader's.
CREATE OR REPLACE VIEW fleet.subscriber_version AS
SELECT s.subscriber_key, s.source, s.subscriber_id, s.physical_id, s.kind, s.iccid, s.eid, s.imei, s.imeisv, s.eui,
    s.status, s.provider_status, s.customer_id, s.nickname, s.parent_key, s.is_enabled_on_parent, s.flags, s.extra,
    s.first_seen_at, s.changed_at, s.removed_at,
    coalesce((SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal)
              FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key), '[]') AS imsi_pairs,
    (SELECT to_jsonb(k) - 'subscriber_key' FROM fleet.contract k WHERE k.subscriber_key = s.subscriber_key) AS contract,
    NULL::timestamptz AS superseded_at
FROM fleet.subscriber s
UNION ALL
SELECT h.subscriber_key, h.source, h.subscriber_id, h.physical_id, h.kind, h.iccid, h.eid, h.imei, h.imeisv, h.eui,
    h.status, h.provider_status, h.customer_id, h.nickname, h.parent_key, h.is_enabled_on_parent, h.flags, h.extra,
    s.first_seen_at, h.valid_from, h.removed_at, h.imsi_pairs,
    (SELECT to_jsonb(k) - 'subscriber_key' FROM jsonb_populate_record(NULL::fleet.contract, h.contract) k WHERE h.contract IS NOT NULL),
    h.valid_to
FROM fleet.subscriber_history h
JOIN fleet.subscriber s ON s.subscriber_key = h.subscriber_key;
COMMENT ON COLUMN fleet.subscriber_version.contract IS 'Its row of fleet.contract, by column name, times in the time zone of the session that reads; null where there was none (floLIVE).';

COMMENT ON CONSTRAINT customer_pkey ON fleet.customer IS 'A source has a customer once; two sources may know the same one.';
COMMENT ON COLUMN fleet.customer.name IS 'What the provider calls the customer (floLIVE customerName); null where it gave no name.';
COMMENT ON COLUMN fleet.customer.customer_id IS 'The UUID that the provider knows the customer by (floLIVE customerId).';

COMMENT ON COLUMN fleet.subscriber.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID, part of the identity. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.subscriber.iccid IS 'SIM card serial number (E.118), 18 to 22 digits (floLIVE iccid; IoT-X physicalId of a cellular subscriber). Null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid). Null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.subscriber.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14 (floLIVE imei; IoT-X physicalId of a satellite subscriber). Null where none is registered.';
COMMENT ON COLUMN fleet.subscriber.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE imeisv). Null where none is registered, and at IoT-X.';
COMMENT ON COLUMN fleet.subscriber.eui IS 'Device EUI, 16 hexadecimal digits in lower case (IoT-X physicalId of a non-IP subscriber); null for others.';
COMMENT ON COLUMN fleet.subscriber.status IS 'active, suspended, inactive, terminated or unknown. floLIVE: from status. IoT-X: from terminateDate (past: terminated), isBarred (suspended) and isActive (active), the first that holds; else inactive.';
COMMENT ON COLUMN fleet.subscriber.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X related.parent.isEnabledOnParent, else isEnabled); null where not told, and for a subscriber that is on no parent.';
COMMENT ON CONSTRAINT subscriber_pkey ON fleet.subscriber IS 'One row per subscriber, also when it has left and come back.';
COMMENT ON CONSTRAINT subscriber_parent_key_fkey ON fleet.subscriber IS 'A parent is a subscriber too, perhaps one that is removed.';
COMMENT ON CONSTRAINT subscriber_identity ON fleet.subscriber IS 'Whatever names the subscriber at its provider is there: physical_id at IoT-X, subscriber_id and iccid at floLIVE.';
COMMENT ON CONSTRAINT subscriber_not_own_parent ON fleet.subscriber IS 'No subscriber is a profile on itself.';
COMMENT ON CONSTRAINT subscriber_kind ON fleet.subscriber IS 'There are four: cellular, non_ip, satellite and unknown.';
COMMENT ON CONSTRAINT subscriber_status ON fleet.subscriber IS 'There are five: active, suspended, inactive, terminated and unknown.';
COMMENT ON CONSTRAINT subscriber_iccid ON fleet.subscriber IS '18 to 22 digits. A wrong check digit is no hindrance: it is a flag.';
COMMENT ON CONSTRAINT subscriber_eid ON fleet.subscriber IS '32 digits.';
COMMENT ON CONSTRAINT subscriber_imei ON fleet.subscriber IS '14 or 15 digits.';
COMMENT ON CONSTRAINT subscriber_imeisv ON fleet.subscriber IS '16 digits.';
COMMENT ON CONSTRAINT subscriber_eui ON fleet.subscriber IS '16 hexadecimal digits in lower case.';
COMMENT ON INDEX fleet.subscriber_flolive_identity IS 'At floLIVE a subscriber is named by subscriberId and ICCID together: each pair once in a source. Finds one by subscriber_id.';
COMMENT ON INDEX fleet.subscriber_iotx_identity IS 'At IoT-X a subscriber is named by physicalId: each once in a source. Finds one by physical_id.';
COMMENT ON INDEX fleet.subscriber_iccid_idx IS 'Finds subscribers by ICCID: several may have the same.';
COMMENT ON INDEX fleet.subscriber_imei_idx IS 'Finds subscribers by IMEI, or by its first 14 digits: imei BETWEEN ''35365206016353'' AND ''353652060163539''.';
COMMENT ON INDEX fleet.subscriber_imeisv_idx IS 'Finds subscribers by IMEISV where their IMEI says something else, or nothing.';
COMMENT ON INDEX fleet.subscriber_eid_idx IS 'Finds the profiles on an eUICC.';
COMMENT ON INDEX fleet.subscriber_customer_idx IS 'Finds a customer''s subscribers.';
COMMENT ON INDEX fleet.subscriber_parent_idx IS 'Finds the profiles on a parent.';

COMMENT ON COLUMN fleet.subscriber_imsi.subscriber_key IS 'Whose IMSI it is.';
COMMENT ON COLUMN fleet.subscriber_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits (floLIVE imsiMsisdnPairs.imsi; IoT-X imsi).';
COMMENT ON COLUMN fleet.subscriber_imsi.msisdn IS 'Phone number (E.164) without +, 5 to 15 digits (floLIVE imsiMsisdnPairs.msisdn; IoT-X subscriberId of a cellular subscriber); null where none belongs to the IMSI.';
COMMENT ON COLUMN fleet.subscriber_imsi.is_last_active IS 'Whether this is the IMSI last known as active (floLIVE imsiMsisdnPairs.isLastActive; IoT-X: always). At most one of a subscriber is; where the provider marks several, none is and the subscriber has the flag many_active.';
COMMENT ON CONSTRAINT subscriber_imsi_pkey ON fleet.subscriber_imsi IS 'A place in a subscriber''s list is taken once.';
COMMENT ON CONSTRAINT subscriber_imsi_subscriber_key_fkey ON fleet.subscriber_imsi IS 'The IMSI belongs to a subscriber that is there.';
COMMENT ON CONSTRAINT subscriber_imsi_ordinal ON fleet.subscriber_imsi IS 'Places are counted from 0.';
COMMENT ON CONSTRAINT subscriber_imsi_imsi ON fleet.subscriber_imsi IS '6 to 15 digits.';
COMMENT ON CONSTRAINT subscriber_imsi_msisdn ON fleet.subscriber_imsi IS '5 to 15 digits, the first not 0.';
COMMENT ON INDEX fleet.subscriber_imsi_imsi_idx IS 'Finds subscribers by IMSI: several may have the same.';
COMMENT ON INDEX fleet.subscriber_imsi_msisdn_idx IS 'Finds subscribers by phone number: several may have the same.';

COMMENT ON COLUMN fleet.contract.subscriber_key IS 'Whose contract it is.';
COMMENT ON COLUMN fleet.contract.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told.';
COMMENT ON COLUMN fleet.contract.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told.';
COMMENT ON COLUMN fleet.contract.tariff_name IS 'The tariff that the subscriber is billed by (IoT-X tariffName); null where not told.';
COMMENT ON COLUMN fleet.contract.line_rental_minor IS 'The recurring fee (IoT-X lineRental) in pence, or the smallest unit of the tariff''s currency, which the provider does not name; null where not told.';
COMMENT ON COLUMN fleet.contract.connected_at IS 'When the contract began (IoT-X connectionDate): UTC where the provider names no zone; null where not told.';
COMMENT ON COLUMN fleet.contract.expires_at IS 'When the contract ends (IoT-X expiryDate): UTC where the provider names no zone; null where not told.';
COMMENT ON COLUMN fleet.contract.terminated_at IS 'When the contract was or will be terminated (IoT-X terminateDate); null for an active subscriber.';
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

COMMENT ON COLUMN fleet.network_state.subscriber_key IS 'Who was observed.';
COMMENT ON COLUMN fleet.network_state.is_online IS 'Whether it was attached to a network when observed (IoT-X networkState.isOnline); null where not told.';
COMMENT ON COLUMN fleet.network_state.is_transferring IS 'Whether data was passing when observed (IoT-X networkState.isTransferring); null where not told.';
COMMENT ON COLUMN fleet.network_state.data_usage_bytes IS 'Bytes sent and received in the current billing period when observed (IoT-X dataUsage); null where not told.';
COMMENT ON CONSTRAINT network_state_pkey ON fleet.network_state IS 'Of a subscriber only the latest observation is here.';
COMMENT ON CONSTRAINT network_state_subscriber_key_fkey ON fleet.network_state IS 'Who was observed is a subscriber that is there.';
COMMENT ON CONSTRAINT network_state_usage ON fleet.network_state IS 'Nobody uses less than nothing.';

COMMENT ON COLUMN fleet.data_usage.subscriber_key IS 'Who was observed.';
COMMENT ON COLUMN fleet.data_usage.data_usage_bytes IS 'Bytes sent and received in the billing period so far (IoT-X dataUsage).';
COMMENT ON CONSTRAINT data_usage_pkey ON fleet.data_usage IS 'Of a subscriber and a day only the last observation is here.';
COMMENT ON CONSTRAINT data_usage_subscriber_key_fkey ON fleet.data_usage IS 'Who was observed is a subscriber that is there.';
COMMENT ON CONSTRAINT data_usage_bytes ON fleet.data_usage IS 'Nobody uses less than nothing.';
COMMENT ON CONSTRAINT data_usage_day ON fleet.data_usage IS 'The day is that of observed_at, by UTC.';
COMMENT ON INDEX fleet.data_usage_day_idx IS 'Finds the days of a range, whoever was observed.';

COMMENT ON COLUMN fleet.tariff_usage.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told.';
COMMENT ON COLUMN fleet.tariff_usage.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told.';
COMMENT ON COLUMN fleet.tariff_usage.tariff_name IS 'The tariff that the subscribers were billed by that day (IoT-X tariffName); null where not told.';
COMMENT ON CONSTRAINT tariff_usage_key ON fleet.tariff_usage IS 'A day''s subscribers of a source, an operator and a tariff are summed once; what was not told counts as one.';
COMMENT ON CONSTRAINT tariff_usage_counts ON fleet.tariff_usage IS 'Nobody uses less than nothing.';
COMMENT ON COLUMN fleet.daily_usage.subscriber_key IS 'Who was observed.';

COMMENT ON COLUMN fleet.subscriber_history.subscriber_key IS 'Who was so.';
COMMENT ON COLUMN fleet.subscriber_history.run_id IS 'The run that superseded this version (fleet.run, with source), or the command that gave a nickname.';
COMMENT ON CONSTRAINT subscriber_history_pkey ON fleet.subscriber_history IS 'Versions of a subscriber begin at different times.';
COMMENT ON CONSTRAINT subscriber_history_subscriber_key_fkey ON fleet.subscriber_history IS 'The version in force is there, also of a subscriber that is removed.';
COMMENT ON CONSTRAINT subscriber_history_period ON fleet.subscriber_history IS 'A version ends after it began.';
COMMENT ON INDEX fleet.subscriber_history_imei_idx IS 'Finds who had an IMEI, or its first 14 digits.';
COMMENT ON INDEX fleet.subscriber_history_eid_idx IS 'Finds the profiles that were on an eUICC.';
COMMENT ON INDEX fleet.subscriber_history_imsi_pairs_idx IS 'Finds who had an IMSI or a phone number: imsi_pairs @> ''[{"imsi": "222013000000001"}]''.';
COMMENT ON INDEX fleet.subscriber_history_valid_to_idx IS 'Finds what was superseded in a span of time: the changes of a night.';

-- What a version says it says in the words of the version in force.
-- +goose StatementBegin
DO $$
DECLARE
    as_in_force text;
BEGIN
    FOR as_in_force IN
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', v.attrelid::regclass, v.attname, col_description(s.attrelid, s.attnum))
        FROM pg_attribute s
        JOIN pg_attribute v ON v.attname = s.attname
        WHERE s.attrelid = 'fleet.subscriber'::regclass
          AND v.attrelid IN ('fleet.subscriber_history'::regclass, 'fleet.subscriber_version'::regclass)
          AND v.attnum > 0
          AND v.attname NOT IN ('subscriber_key', 'first_seen_at', 'changed_at', 'removed_at')
    LOOP
        EXECUTE as_in_force;
    END LOOP;
END
$$;
-- +goose StatementEnd

COMMENT ON COLUMN fleet.subscriber_detail.subscriber_key IS 'Whose details they are.';
COMMENT ON COLUMN fleet.subscriber_detail.alias IS 'A name given to the subscriber (floLIVE alias); null where none, and always for a subscriber of a sub-customer.';
COMMENT ON COLUMN fleet.subscriber_detail.tags IS 'Words that people tied to the subscriber (floLIVE tags); empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.system_labels IS 'Labels that floLIVE set (systemLabels); empty where there are none.';
COMMENT ON COLUMN fleet.subscriber_detail.user_labels IS 'Labels that users set (floLIVE userLabels); empty where there are none.';
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
COMMENT ON CONSTRAINT subscriber_detail_pkey ON fleet.subscriber_detail IS 'Of a subscriber only the latest details are here.';
COMMENT ON CONSTRAINT subscriber_detail_subscriber_key_fkey ON fleet.subscriber_detail IS 'The details are those of a subscriber that is there.';
COMMENT ON CONSTRAINT subscriber_detail_longitude ON fleet.subscriber_detail IS '-180 to 180 degrees.';
COMMENT ON CONSTRAINT subscriber_detail_latitude ON fleet.subscriber_detail IS '-90 to 90 degrees.';

COMMENT ON COLUMN fleet.subscriber_offer.subscriber_key IS 'Who has the offer.';
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
COMMENT ON INDEX fleet.subscriber_offer_offer_idx IS 'Finds who has an offer.';
COMMENT ON INDEX fleet.subscriber_offer_expires_idx IS 'Finds the offers that end in a span of days.';

COMMENT ON COLUMN fleet.esim_profile.profile_id IS 'The UUID by which floLIVE knows the profile (id).';
COMMENT ON COLUMN fleet.esim_profile.name IS 'What people call the profile (floLIVE name); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.is_active IS 'Whether this is the profile last known as active on its EID (floLIVE isActive); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.subscriber_id IS 'The subscriber that the profile makes of the device: subscriber_id in fleet.subscriber (floLIVE subscriberIdentifiers.subscriberId). Several profiles may share one; null where not told.';
COMMENT ON COLUMN fleet.esim_profile.iccid IS 'SIM card serial number (E.118) of the profile, 18 to 22 digits (floLIVE subscriberIdentifiers.iccid); null where not told.';
COMMENT ON COLUMN fleet.esim_profile.imei IS 'Device identity (TS 23.003), 14 or 15 digits (floLIVE subscriberIdentifiers.imei); null where none is registered.';
COMMENT ON COLUMN fleet.esim_profile.imeisv IS 'Device identity with software version (TS 23.003), 16 digits (floLIVE subscriberIdentifiers.imeisv); null where none is registered.';
COMMENT ON CONSTRAINT esim_profile_pkey ON fleet.esim_profile IS 'A profile is on an EID once, also when it has left and come back.';
COMMENT ON CONSTRAINT esim_profile_eid ON fleet.esim_profile IS '32 digits.';
COMMENT ON CONSTRAINT esim_profile_iccid ON fleet.esim_profile IS '18 to 22 digits.';
COMMENT ON INDEX fleet.esim_profile_iccid_idx IS 'Finds the profile that has an ICCID.';

COMMENT ON COLUMN fleet.esim_profile_imsi.eid IS 'The eUICC that the profile is on.';
COMMENT ON COLUMN fleet.esim_profile_imsi.profile_id IS 'Whose IMSI it is: the key of fleet.esim_profile, with source and eid.';
COMMENT ON COLUMN fleet.esim_profile_imsi.imsi IS 'International mobile subscriber identity (E.212), 6 to 15 digits (floLIVE subscriberIdentifiers.imsiMsisdnPairs.imsi).';
COMMENT ON COLUMN fleet.esim_profile_imsi.msisdn IS 'Phone number (E.164) without + (floLIVE subscriberIdentifiers.imsiMsisdnPairs.msisdn); null where none belongs to the IMSI.';
COMMENT ON CONSTRAINT esim_profile_imsi_pkey ON fleet.esim_profile_imsi IS 'A place in a profile''s list is taken once.';
COMMENT ON CONSTRAINT esim_profile_imsi_source_eid_profile_id_fkey ON fleet.esim_profile_imsi IS 'The IMSI belongs to a profile that is there.';
COMMENT ON INDEX fleet.esim_profile_imsi_imsi_idx IS 'Finds profiles by IMSI.';

COMMENT ON COLUMN fleet.sim.subscriber_key IS 'Names the subscriber in every table about it.';
COMMENT ON COLUMN fleet.sim.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite), which may change; null where it gave none.';
COMMENT ON COLUMN fleet.sim.eid IS 'eUICC identifier (SGP.29), 32 digits (IoT-X eid); null where the SIM is no eUICC, and at floLIVE, whose list does not say: see fleet.esim_profile.';
COMMENT ON COLUMN fleet.sim.status IS 'active, suspended, inactive, terminated or unknown: fleet.subscriber tells from what.';
COMMENT ON COLUMN fleet.sim.provider_status IS 'The provider''s own word for the status, verbatim (floLIVE status); null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.sim.customer_id IS 'The customer that it is connected to (floLIVE customerId); null where not told.';
COMMENT ON COLUMN fleet.sim.customer_name IS 'What the provider calls that customer (floLIVE customerName); null where it gave no name, and for a subscriber without customer.';
COMMENT ON COLUMN fleet.sim.operator_code IS 'Names the mobile operator uniquely (IoT-X operatorCode); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.operator_name IS 'What people call the mobile operator (IoT-X operatorName); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.tariff_name IS 'The tariff that it is billed by (IoT-X tariffName); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.tags IS 'Words that people tied to it (floLIVE tags), empty where there are none; null where no details were read.';
COMMENT ON COLUMN fleet.sim.is_online IS 'Whether it was attached to a network when last observed (IoT-X networkState.isOnline); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_transferring IS 'Whether data was passing when last observed (IoT-X networkState.isTransferring); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.data_usage_bytes IS 'Bytes sent and received in the current billing period when last observed (IoT-X dataUsage); null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.observed_at IS 'When is_online, is_transferring and data_usage_bytes were observed; null where nothing was, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_in_data_session IS 'Whether a data session was open when the details were read (floLIVE isInDataSession); null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.last_data_session_at IS 'When the last data session that is over ended (floLIVE lastDataSession); null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.parent_key IS 'The subscriber that this eSIM profile is attached to (IoT-X); null for others, and where the parent itself was never listed.';
COMMENT ON COLUMN fleet.sim.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent (IoT-X); null where not told, and for a subscriber that is on no parent.';

COMMENT ON COLUMN fleet.run.as_of IS 'As of when the data is: equals changed_at of every row that the run made or changed, save where a clock went back; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.records IS 'Records read from the provider; null where nothing was loaded, as all counts are.';
COMMENT ON COLUMN fleet.run.is_whole IS 'Whether all of the source was asked for; false for a backfill of a window of connection dates.';

COMMENT ON COLUMN fleet.walk.run_id IS 'The run that walked it: fleet.run, with source.';
COMMENT ON COLUMN fleet.walk.is_complete IS 'Whether the verdict is that all was read.';
COMMENT ON COLUMN fleet.walk.declared IS 'How many subscribers the provider announced (floLIVE totalRecordAmount); null where it announces none (IoT-X), or no answer came.';

COMMENT ON COLUMN fleet.change.changed_at IS 'Since when the new value holds: when a sync found it, equal to as_of of its fleet.run.';
COMMENT ON COLUMN fleet.change.subscriber_key IS 'Whose field it is.';

COMMENT ON COLUMN fleet.subscriber_version.subscriber_key IS 'Who was so.';

-- The months that are there.
SELECT sync.make_usage_partition(to_date(right(c.relname, 7), 'YYYY_MM'))
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'fleet.data_usage'::regclass
  AND c.relnamespace = 'fleet'::regnamespace
  AND c.relname ~ '^data_usage_\d{4}_\d{2}$';

-- +goose Down
-- Comments and views stay: they are as right for the schema without this migration.
GRANT EXECUTE ON FUNCTION sync.make_usage_partition TO PUBLIC;
