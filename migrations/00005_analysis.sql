-- What analysts ask most, as views and one function, and what the ledger has to know
-- for that: as of when a run's data is, and which part of a source it read.
--
-- The views are the owner's, so that analysts see of the ledger what they show and
-- nothing else. None of them groups by a key: one that did would depend on it, and a
-- first load takes the keys off.

-- +goose Up
ALTER TABLE sync.run ADD COLUMN IF NOT EXISTS as_of timestamptz;
ALTER TABLE sync.run ADD COLUMN IF NOT EXISTS connected_since timestamptz;
ALTER TABLE sync.run ADD COLUMN IF NOT EXISTS connected_until timestamptz;
COMMENT ON COLUMN sync.run.as_of IS 'As of when the data is: the changed_at of the versions that this run made. A replay from an archive has the time of the run that it replays. Null: nothing was promoted. Of runs older than this column: when the last walk ended.';
COMMENT ON COLUMN sync.run.connected_since IS 'Only subscribers connected then or later were asked for (a windowed backfill); null: no such bound.';
COMMENT ON COLUMN sync.run.connected_until IS 'Only subscribers connected before then were asked for (a windowed backfill); null: no such bound.';

-- A promote follows its last walk at once.
UPDATE sync.run r
SET as_of = coalesce((SELECT max(w.finished_at) FROM sync.walk w WHERE w.run_id = r.run_id AND w.source = r.source), r.finished_at)
WHERE r.as_of IS NULL
  AND r.records IS NOT NULL;

CREATE VIEW fleet.run AS
SELECT r.run_id, r.source, r.command, r.started_at, r.finished_at, r.outcome,
    r.connected_since IS NULL AND r.connected_until IS NULL AS is_whole,
    r.outcome IS NOT DISTINCT FROM 'ok' AND r.connected_since IS NULL AND r.connected_until IS NULL AS is_complete,
    r.as_of, r.declared, r.records, r.inserted, r.updated, r.unchanged, r.repeated, r.removed, r.rejected, r.rejected_parts
FROM sync.run r;
COMMENT ON VIEW fleet.run IS 'One row per run and source: when the fleet was synced, how that ended and what it changed. Its counts balance: records = inserted + updated + unchanged + repeated + rejected.';
COMMENT ON COLUMN fleet.run.run_id IS 'The run: a UUID of version 7, so runs sort by time. The same for all sources of a run; subscriber_history.run_id refers to it.';
COMMENT ON COLUMN fleet.run.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.run.command IS 'The command that ran: run (the nightly sync) or backfill.';
COMMENT ON COLUMN fleet.run.started_at IS 'When the run began on this source.';
COMMENT ON COLUMN fleet.run.finished_at IS 'When it ended; null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.outcome IS 'ok; incomplete (what was read is loaded, nothing removed); held_back (changes loaded, removals held back); failed; interrupted. Null while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.run.is_whole IS 'Whether the whole source was asked for; false for a backfill of a window of connection dates.';
COMMENT ON COLUMN fleet.run.is_complete IS 'Whether the run left the fleet exactly as the provider had it: the whole source was asked for and proved to be read, and every change and removal was made.';
COMMENT ON COLUMN fleet.run.as_of IS 'As of when the data is: equals changed_at of every row that the run made or changed. Null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.declared IS 'How many subscribers the provider announced; null where it announces none (IoT-X), not every walk came so far, or nothing was loaded.';
COMMENT ON COLUMN fleet.run.records IS 'Records read from the provider. Null, as all counts, where nothing was loaded.';
COMMENT ON COLUMN fleet.run.inserted IS 'Subscribers that are new; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.updated IS 'Subscribers that changed, those that came back included; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.unchanged IS 'Subscribers found as they were; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.repeated IS 'Records of a subscriber that another record of the same run speaks of too; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.removed IS 'Subscribers that are gone: their removed_at was set; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.rejected IS 'Records that could not be rows, such as one without any identity; null where nothing was loaded.';
COMMENT ON COLUMN fleet.run.rejected_parts IS 'Pairs and fields refused in records that were loaded, each a flag on its row; null where nothing was loaded.';

CREATE VIEW fleet.walk AS
SELECT w.run_id, w.source, w.listing, w.verdict, w.verdict = 'complete' AS is_complete, w.declared, w.distinct_records, w.repeated, w.started_at, w.finished_at
FROM sync.walk w;
COMMENT ON VIEW fleet.walk IS 'One row per listing walked in a run: whether all of it was read, or why that is not proved.';
COMMENT ON COLUMN fleet.walk.run_id IS 'The run (fleet.run).';
COMMENT ON COLUMN fleet.walk.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.walk.listing IS 'What was walked: a floLIVE customer''s UUID; subscribers (IoT-X), with its filter where only a window was asked for; details, where a backfill asked for those of everybody.';
COMMENT ON COLUMN fleet.walk.verdict IS 'complete, or the reason why the walk is not proved to be, such as lost_answer, miscounted or drift.';
COMMENT ON COLUMN fleet.walk.is_complete IS 'Whether the verdict is complete.';
COMMENT ON COLUMN fleet.walk.declared IS 'How many subscribers the provider announced; null where it announces none (IoT-X).';
COMMENT ON COLUMN fleet.walk.distinct_records IS 'Different records read.';
COMMENT ON COLUMN fleet.walk.repeated IS 'Records that came more than once.';
COMMENT ON COLUMN fleet.walk.started_at IS 'When the walk began.';
COMMENT ON COLUMN fleet.walk.finished_at IS 'When the walk ended.';

CREATE VIEW fleet.freshness AS
SELECT s.source, c.as_of AS complete_as_of, now() - c.as_of AS complete_age, c.run_id AS complete_run_id,
    l.as_of AS loaded_as_of,
    a.started_at AS attempted_at, a.run_id AS attempted_run_id, coalesce(a.outcome, 'unfinished') AS attempted_outcome,
    coalesce(a.run_id = c.run_id, false) AS is_complete,
    (SELECT count(*) FROM sync.run n
     WHERE n.source = s.source AND n.connected_since IS NULL AND n.connected_until IS NULL
       AND (c.run_id IS NULL OR n.started_at > c.started_at)) AS attempts_since
FROM (SELECT DISTINCT source FROM sync.run) s
LEFT JOIN LATERAL (
    SELECT r.run_id, r.started_at, r.outcome
    FROM sync.run r
    WHERE r.source = s.source AND r.connected_since IS NULL AND r.connected_until IS NULL
    ORDER BY r.started_at DESC, r.run_id DESC
    LIMIT 1
) a ON true
LEFT JOIN LATERAL (
    SELECT r.run_id, r.started_at, r.as_of
    FROM sync.run r
    WHERE r.source = s.source AND r.outcome = 'ok' AND r.as_of IS NOT NULL AND r.connected_since IS NULL AND r.connected_until IS NULL
    ORDER BY r.as_of DESC, r.run_id DESC
    LIMIT 1
) c ON true
LEFT JOIN LATERAL (SELECT max(r.as_of) AS as_of FROM sync.run r WHERE r.source = s.source) l ON true;
COMMENT ON VIEW fleet.freshness IS 'One row per source that was ever synced: as of when its data is complete, and how the last attempt ended. Look here before trusting a count: what is loaded without a complete run may lack subscribers and hold some that are gone.';
COMMENT ON COLUMN fleet.freshness.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.freshness.complete_as_of IS 'As of when the data was last exactly as the provider had it; null where it never was.';
COMMENT ON COLUMN fleet.freshness.complete_age IS 'How long ago that is; null where it never was complete.';
COMMENT ON COLUMN fleet.freshness.complete_run_id IS 'The run that made it so (fleet.run); null where none did.';
COMMENT ON COLUMN fleet.freshness.loaded_as_of IS 'As of when anything was last loaded, also by an incomplete or windowed run; null where nothing ever was. Later than complete_as_of: some rows are newer than the last complete sync, none is known to be gone since.';
COMMENT ON COLUMN fleet.freshness.attempted_at IS 'When the last sync of the whole source began; null where only windows were backfilled.';
COMMENT ON COLUMN fleet.freshness.attempted_run_id IS 'That run (fleet.run); null where only windows were backfilled.';
COMMENT ON COLUMN fleet.freshness.attempted_outcome IS 'How that ended: ok, incomplete, held_back, failed or interrupted; unfinished while it is running, and for ever where it was killed.';
COMMENT ON COLUMN fleet.freshness.is_complete IS 'Whether that last attempt is the complete one: true is the state to expect every morning.';
COMMENT ON COLUMN fleet.freshness.attempts_since IS 'How many syncs of the whole source began after the last complete one, without being complete; all of them where none ever was.';

CREATE VIEW fleet.sim AS
SELECT s.subscriber_key, s.source, s.subscriber_id, s.physical_id, s.kind, s.iccid, s.eid, s.imei, s.imeisv, s.eui,
    i.imsi, i.msisdn, s.status, s.provider_status, s.customer_id, c.name AS customer_name,
    k.operator_code, k.operator_name, k.tariff_name, coalesce(s.nickname, d.alias) AS nickname, d.tags,
    n.is_online, n.is_transferring, n.data_usage_bytes, n.observed_at, d.is_in_data_session, d.last_data_session_at,
    s.parent_key, s.is_enabled_on_parent, s.flags, s.first_seen_at, s.changed_at
FROM fleet.subscriber s
LEFT JOIN fleet.subscriber_imsi i ON i.subscriber_key = s.subscriber_key AND i.is_last_active
LEFT JOIN fleet.customer c ON c.source = s.source AND c.customer_id = s.customer_id
LEFT JOIN fleet.contract k ON k.subscriber_key = s.subscriber_key
LEFT JOIN fleet.network_state n ON n.subscriber_key = s.subscriber_key
LEFT JOIN fleet.subscriber_detail d ON d.subscriber_key = s.subscriber_key
WHERE s.removed_at IS NULL;
COMMENT ON VIEW fleet.sim IS 'One row per live subscriber, with what is known of it beside: the place to begin. A column that a query does not name costs little or nothing.';
COMMENT ON COLUMN fleet.sim.subscriber_key IS 'The subscriber (fleet.subscriber).';
COMMENT ON COLUMN fleet.sim.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.sim.subscriber_id IS 'The provider''s subscriberId. floLIVE: a UUID. IoT-X: the MSISDN (cellular), EUI (non-IP) or subscription ID (satellite); null where it gave none.';
COMMENT ON COLUMN fleet.sim.physical_id IS 'IoT-X physicalId, in the provider''s own spelling; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.kind IS 'cellular, non_ip, satellite or unknown.';
COMMENT ON COLUMN fleet.sim.iccid IS 'SIM card serial number (E.118), 18 to 22 digits; null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.sim.eid IS 'eUICC identifier (SGP.29), 32 digits; null where the SIM is no eUICC or the provider does not say.';
COMMENT ON COLUMN fleet.sim.imei IS 'Device identity (TS 23.003), 14 or 15 digits: compare devices by the first 14; null where none is registered.';
COMMENT ON COLUMN fleet.sim.imeisv IS 'Device identity with software version (TS 23.003), 16 digits; null where none is registered.';
COMMENT ON COLUMN fleet.sim.eui IS 'Device EUI of a non-IP subscriber, 16 hexadecimal digits in lower case; null for others.';
COMMENT ON COLUMN fleet.sim.imsi IS 'The IMSI (E.212) last known as active; null where none is marked, or several are. All of them: fleet.subscriber_imsi.';
COMMENT ON COLUMN fleet.sim.msisdn IS 'The phone number (E.164, without +) of that IMSI; null where it has none.';
COMMENT ON COLUMN fleet.sim.status IS 'active, suspended, inactive, terminated or unknown.';
COMMENT ON COLUMN fleet.sim.provider_status IS 'The provider''s own word for the status, verbatim; null where it has none (IoT-X).';
COMMENT ON COLUMN fleet.sim.customer_id IS 'The customer that it is connected to (floLIVE); null where not told.';
COMMENT ON COLUMN fleet.sim.customer_name IS 'That customer''s name; null where the provider gave none.';
COMMENT ON COLUMN fleet.sim.operator_code IS 'IoT-X operatorCode; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.operator_name IS 'IoT-X operatorName; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.tariff_name IS 'IoT-X tariffName; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.nickname IS 'The name given to it: IoT-X nickname, or floLIVE alias; null where it has neither.';
COMMENT ON COLUMN fleet.sim.tags IS 'floLIVE tags, empty where there are none; null where no details were read.';
COMMENT ON COLUMN fleet.sim.is_online IS 'IoT-X: whether it was online when last observed; null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_transferring IS 'IoT-X: whether it was transferring data when last observed; null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.data_usage_bytes IS 'IoT-X: bytes sent and received in the current billing period when last observed; null where not told, and at floLIVE.';
COMMENT ON COLUMN fleet.sim.observed_at IS 'When the three before were observed; null at floLIVE.';
COMMENT ON COLUMN fleet.sim.is_in_data_session IS 'floLIVE: whether it was in a data session when its details were read; null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.last_data_session_at IS 'floLIVE: end of the last closed data session; null where not told, and at IoT-X.';
COMMENT ON COLUMN fleet.sim.parent_key IS 'The subscriber that this eSIM profile is attached to; null for others.';
COMMENT ON COLUMN fleet.sim.is_enabled_on_parent IS 'Whether this profile is the one now enabled on its parent; null where not told.';
COMMENT ON COLUMN fleet.sim.flags IS 'What is odd about the row; empty where nothing is. docs/flags.md names them all.';
COMMENT ON COLUMN fleet.sim.first_seen_at IS 'When a sync first found it.';
COMMENT ON COLUMN fleet.sim.changed_at IS 'Since when it is as it is, usage, network state and details aside.';

-- Two versions side by side: a superseded one, and the one that took its place, which
-- is superseded itself or in force.
CREATE VIEW fleet.change AS
SELECT h.valid_to AS changed_at, h.source, n.subscriber_id, n.iccid, f.field, f.old, f.new, h.subscriber_key, h.run_id
FROM fleet.subscriber_history h
LEFT JOIN LATERAL jsonb_populate_record(NULL::fleet.contract, h.contract) k ON h.contract IS NOT NULL
CROSS JOIN LATERAL (
    SELECT x.subscriber_id, x.physical_id, x.kind, x.iccid, x.eid, x.imei, x.imeisv, x.eui, x.status, x.provider_status, x.customer_id,
        x.nickname, x.parent_key, x.is_enabled_on_parent, x.flags, x.extra, x.removed_at, x.imsi_pairs,
        c.operator_code, c.operator_name, c.tariff_name, c.line_rental_minor, c.connected_at, c.expires_at, c.terminated_at, c.contract_months,
        c.is_active, c.is_barred, c.group_id, c.data_number, c.subscription_id, c.subscriber_type, c.smdp_provider
    FROM fleet.subscriber_history x
    LEFT JOIN LATERAL jsonb_populate_record(NULL::fleet.contract, x.contract) c ON x.contract IS NOT NULL
    WHERE x.subscriber_key = h.subscriber_key AND x.valid_from = h.valid_to
    UNION ALL
    SELECT s.subscriber_id, s.physical_id, s.kind, s.iccid, s.eid, s.imei, s.imeisv, s.eui, s.status, s.provider_status, s.customer_id,
        s.nickname, s.parent_key, s.is_enabled_on_parent, s.flags, s.extra, s.removed_at,
        coalesce((SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal)
                  FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key), '[]'),
        c.operator_code, c.operator_name, c.tariff_name, c.line_rental_minor, c.connected_at, c.expires_at, c.terminated_at, c.contract_months,
        c.is_active, c.is_barred, c.group_id, c.data_number, c.subscription_id, c.subscriber_type, c.smdp_provider
    FROM fleet.subscriber s
    LEFT JOIN fleet.contract c ON c.subscriber_key = s.subscriber_key
    WHERE s.subscriber_key = h.subscriber_key AND s.changed_at = h.valid_to
) n
CROSS JOIN LATERAL (VALUES
    ('subscriber_id', h.subscriber_id, n.subscriber_id),
    ('physical_id', h.physical_id, n.physical_id),
    ('kind', h.kind, n.kind),
    ('iccid', h.iccid, n.iccid),
    ('eid', h.eid, n.eid),
    ('imei', h.imei, n.imei),
    ('imeisv', h.imeisv, n.imeisv),
    ('eui', h.eui, n.eui),
    ('status', h.status, n.status),
    ('provider_status', h.provider_status, n.provider_status),
    ('customer_id', h.customer_id::text, n.customer_id::text),
    ('nickname', h.nickname, n.nickname),
    ('parent_key', h.parent_key::text, n.parent_key::text),
    ('is_enabled_on_parent', h.is_enabled_on_parent::text, n.is_enabled_on_parent::text),
    ('flags', h.flags::text, n.flags::text),
    ('extra', h.extra::text, n.extra::text),
    ('removed_at', h.removed_at::text, n.removed_at::text),
    ('imsi_pairs', h.imsi_pairs::text, n.imsi_pairs::text),
    ('operator_code', k.operator_code, n.operator_code),
    ('operator_name', k.operator_name, n.operator_name),
    ('tariff_name', k.tariff_name, n.tariff_name),
    ('line_rental_minor', k.line_rental_minor::text, n.line_rental_minor::text),
    ('connected_at', k.connected_at::text, n.connected_at::text),
    ('expires_at', k.expires_at::text, n.expires_at::text),
    ('terminated_at', k.terminated_at::text, n.terminated_at::text),
    ('contract_months', k.contract_months::text, n.contract_months::text),
    ('is_active', k.is_active::text, n.is_active::text),
    ('is_barred', k.is_barred::text, n.is_barred::text),
    ('group_id', k.group_id::text, n.group_id::text),
    ('data_number', k.data_number, n.data_number),
    ('subscription_id', k.subscription_id, n.subscription_id),
    ('subscriber_type', k.subscriber_type, n.subscriber_type),
    ('smdp_provider', k.smdp_provider, n.smdp_provider)
) f (field, old, new)
WHERE f.old IS DISTINCT FROM f.new;
COMMENT ON VIEW fleet.change IS 'One row per changed field of a subscriber: the columns of fleet.subscriber and fleet.contract, and imsi_pairs. New subscribers are no changes (first_seen_at); a removal and a return are changes of removed_at. Name a range of changed_at: it is what the history is indexed by.';
COMMENT ON COLUMN fleet.change.changed_at IS 'Since when the new value holds: when a sync found it, equal to fleet.run.as_of of that run.';
COMMENT ON COLUMN fleet.change.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.change.subscriber_id IS 'The provider''s subscriberId after the change; null where it gave none.';
COMMENT ON COLUMN fleet.change.iccid IS 'The ICCID after the change; null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.change.field IS 'The column that changed, of fleet.subscriber or fleet.contract, or imsi_pairs: the rows of fleet.subscriber_imsi.';
COMMENT ON COLUMN fleet.change.old IS 'The value before, as text; null where there was none.';
COMMENT ON COLUMN fleet.change.new IS 'The value after, as text; null where there is none.';
COMMENT ON COLUMN fleet.change.subscriber_key IS 'The subscriber (fleet.subscriber).';
COMMENT ON COLUMN fleet.change.run_id IS 'The run that found the change (fleet.run), or the command that gave a nickname.';

CREATE VIEW fleet.subscriber_version AS
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
    s.first_seen_at, h.valid_from, h.removed_at, h.imsi_pairs, h.contract, h.valid_to
FROM fleet.subscriber_history h
JOIN fleet.subscriber s ON s.subscriber_key = h.subscriber_key;
COMMENT ON VIEW fleet.subscriber_version IS 'One row per version of a subscriber, superseded or in force: fleet.subscriber and its history in one, with the IMSIs and the contract of the time. Details, usage and network state have no versions.';
COMMENT ON COLUMN fleet.subscriber_version.subscriber_key IS 'The subscriber (fleet.subscriber).';
COMMENT ON COLUMN fleet.subscriber_version.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.subscriber_version.subscriber_id IS 'As in fleet.subscriber; null where the provider gave none.';
COMMENT ON COLUMN fleet.subscriber_version.physical_id IS 'As in fleet.subscriber; null at floLIVE.';
COMMENT ON COLUMN fleet.subscriber_version.kind IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_version.iccid IS 'As in fleet.subscriber; null where the subscriber is not cellular.';
COMMENT ON COLUMN fleet.subscriber_version.eid IS 'As in fleet.subscriber; null where the SIM is no eUICC or the provider does not say.';
COMMENT ON COLUMN fleet.subscriber_version.imei IS 'As in fleet.subscriber; null where none was registered.';
COMMENT ON COLUMN fleet.subscriber_version.imeisv IS 'As in fleet.subscriber; null where none was registered.';
COMMENT ON COLUMN fleet.subscriber_version.eui IS 'As in fleet.subscriber; null where the subscriber is not non-IP.';
COMMENT ON COLUMN fleet.subscriber_version.status IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_version.provider_status IS 'As in fleet.subscriber; null where the provider has none (IoT-X).';
COMMENT ON COLUMN fleet.subscriber_version.customer_id IS 'As in fleet.subscriber; null where not told.';
COMMENT ON COLUMN fleet.subscriber_version.nickname IS 'As in fleet.subscriber; null where none was given.';
COMMENT ON COLUMN fleet.subscriber_version.parent_key IS 'As in fleet.subscriber; null where it was on no parent.';
COMMENT ON COLUMN fleet.subscriber_version.is_enabled_on_parent IS 'As in fleet.subscriber; null where not told.';
COMMENT ON COLUMN fleet.subscriber_version.flags IS 'As in fleet.subscriber.';
COMMENT ON COLUMN fleet.subscriber_version.extra IS 'As in fleet.subscriber; null where there were none.';
COMMENT ON COLUMN fleet.subscriber_version.first_seen_at IS 'When a sync first found the subscriber: the same in all its versions.';
COMMENT ON COLUMN fleet.subscriber_version.changed_at IS 'Since when the subscriber was so (inclusive).';
COMMENT ON COLUMN fleet.subscriber_version.removed_at IS 'When the subscriber had been removed; null where this version was live.';
COMMENT ON COLUMN fleet.subscriber_version.imsi_pairs IS 'Its IMSIs: an array of {imsi, msisdn, is_last_active} in the provider''s order, empty where there were none.';
COMMENT ON COLUMN fleet.subscriber_version.contract IS 'Its row of fleet.contract, by column name; null where there was none (floLIVE).';
COMMENT ON COLUMN fleet.subscriber_version.superseded_at IS 'Until when the subscriber was so (exclusive); null for the version in force.';

-- Inlined into the query that calls it, so that what the query asks of the result
-- reaches the indexes, and columns that it does not name are not made. Its columns are a
-- view's: those of RETURNS TABLE could not have the collation of the indexes.
-- +goose StatementBegin
CREATE FUNCTION fleet.subscriber_at(at_time timestamptz) RETURNS SETOF fleet.subscriber_version
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT v.*
    FROM fleet.subscriber_version v
    WHERE v.changed_at <= at_time
      AND (v.superseded_at IS NULL OR v.superseded_at > at_time)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION fleet.subscriber_at IS 'The fleet as it was known at a moment: one row per subscriber that was known by then, as fleet.subscriber_version has it (removed_at is null where it was live).';

-- The default privileges of the first migration reach what its own role makes only.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'simsync_analyst') THEN
        GRANT SELECT ON fleet.run, fleet.walk, fleet.freshness, fleet.sim, fleet.change, fleet.subscriber_version TO simsync_analyst;
        GRANT EXECUTE ON FUNCTION fleet.subscriber_at TO simsync_analyst;
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- The columns of sync.run stay: what they hold cannot be had back, and an older program
-- does not look at them.
DROP FUNCTION fleet.subscriber_at;
DROP VIEW fleet.subscriber_version;
DROP VIEW fleet.change;
DROP VIEW fleet.sim;
DROP VIEW fleet.freshness;
DROP VIEW fleet.walk;
DROP VIEW fleet.run;
