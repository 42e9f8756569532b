-- A fleet of made-up subscribers, straight into the tables: for plans and times, not
-- for answers. simsync.subscribers says how many; three quarters are floLIVE's, with two
-- IMSIs each, the others IoT-X's, with 60 days of usage. A year of history: one version
-- a subscriber, one in seven of them superseded in the last two weeks.
--
-- Run by a superuser on an empty schema. Each row is what its number makes it.
SET session_replication_role = replica; -- foreign keys hold by construction
SET synchronous_commit = off;

CREATE TEMPORARY TABLE made AS
SELECT i AS key, i % 4 <> 0 AS is_flolive,
    (i % 2) + (i % 3 = 0)::int + (i % 7 = 0)::int AS versions,
    date_trunc('day', now(), 'UTC') + interval '2 hours' AS tonight
FROM generate_series(1, current_setting('simsync.subscribers')::int) i;

INSERT INTO sync.run (run_id, source, command, started_at, finished_at, outcome, exit_code, version, as_of, records, inserted, updated, unchanged,
    repeated, rejected, rejected_parts, removed)
SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, source, 'run', t - interval '10 minutes', t,
    CASE WHEN n % 50 = 7 THEN 'incomplete' ELSE 'ok' END, CASE WHEN n % 50 = 7 THEN 3 ELSE 0 END, 'made', t, 1000, 5, 10, 985, 0, 0, 0, n % 4
FROM generate_series(0, 365) n, unnest(ARRAY['flolive', 'iotx']) source, LATERAL (SELECT tonight - make_interval(days => n) AS t FROM made LIMIT 1) x;
INSERT INTO sync.walk (run_id, source, listing, verdict, distinct_records, repeated, sessions, requests, started_at, finished_at)
SELECT run_id, source, 'subscribers', CASE outcome WHEN 'ok' THEN 'complete' ELSE 'lost_answer' END, records, 0, 1, 10, started_at, finished_at
FROM sync.run;

INSERT INTO fleet.customer (source, customer_id, name)
SELECT 'flolive', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Customer ' || n
FROM generate_series(0, 199) n;

CREATE FUNCTION pg_temp.changed_at(key int, versions int, n int, tonight timestamptz) RETURNS timestamptz IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE
        WHEN n = versions AND key % 7 = 0 THEN tonight - make_interval(days => key / 7 % 14)
        ELSE tonight - make_interval(days => 365 - 330 * n / (versions + 1) - key % 20)
    END
$$;
CREATE FUNCTION pg_temp.status(key int) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'suspended', 'inactive', 'terminated', 'unknown'])[1 + key % 10]
$$;
CREATE FUNCTION pg_temp.imei(key int) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN key % 10 <> 3 THEN '35' || lpad((key::bigint * 7919 % 1000000000000)::text, 12, '0') || key % 10 END
$$;
CREATE FUNCTION pg_temp.imsi(key int, n int) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE n WHEN 0 THEN '23415' ELSE '90128' END || lpad((CASE WHEN key % 1000 = 1 THEN key + 1 ELSE key END)::text, 10, '0')
$$;

INSERT INTO fleet.subscriber (subscriber_key, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, status, provider_status,
    customer_id, nickname, flags, first_seen_at, changed_at, removed_at, content_hash)
SELECT key, CASE WHEN is_flolive THEN 'flolive' ELSE 'iotx' END,
    CASE WHEN is_flolive THEN md5(key::text)::uuid::text ELSE '44' || lpad(key::text, 10, '7') END, CASE WHEN NOT is_flolive THEN iccid END, 'cellular', iccid,
    CASE WHEN key % 40 = 0 THEN '89' || lpad((key / 80)::text, 30, '0') END, pg_temp.imei(key), CASE WHEN is_flolive THEN left(pg_temp.imei(key), 14) || '01' END,
    pg_temp.status(key), upper(pg_temp.status(key)), CASE WHEN is_flolive THEN ('00000000-0000-4000-8000-' || lpad((key % 200)::text, 12, '0'))::uuid END,
    CASE WHEN NOT is_flolive THEN 'meter ' || key END, CASE WHEN key % 100 = 0 THEN '{iccid_luhn}'::text[] WHEN key % 500 = 1 THEN '{iccid_luhn,many_active}' ELSE '{}' END,
    tonight - make_interval(days => 365 - CASE WHEN versions = 0 THEN key / 6 % 360 ELSE 0 END),
    CASE WHEN versions = 0 THEN tonight - make_interval(days => 365 - key / 6 % 360) ELSE pg_temp.changed_at(key, versions, versions, tonight) END,
    CASE WHEN key % 50 = 49 AND versions > 0 THEN pg_temp.changed_at(key, versions, versions, tonight) END, key
FROM made, LATERAL (SELECT '8944' || lpad((key::bigint * 104729 % 1000000000000000)::text, 15, '0') AS iccid) x;

INSERT INTO fleet.subscriber_imsi (subscriber_key, ordinal, imsi, msisdn, is_last_active)
SELECT key, n, pg_temp.imsi(key, n), CASE n WHEN 0 THEN '44' || lpad(key::text, 10, '7') END, n = 0 AND key % 20 <> 5
FROM made, generate_series(0, CASE WHEN is_flolive THEN 1 ELSE 0 END) n;

INSERT INTO fleet.contract (subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at, contract_months, is_active,
    is_barred)
SELECT key, 'op' || key / 4 % 4, 'Operator ' || key / 4 % 4, 'TARIFF ' || key / 16 % 12, 100 + key % 900, tonight - interval '1 year',
    tonight + make_interval(days => key / 4 % 720), 36, pg_temp.status(key) = 'active', false
FROM made WHERE NOT is_flolive;

INSERT INTO fleet.subscriber_history (subscriber_key, valid_from, valid_to, run_id, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, status,
    provider_status, customer_id, nickname, flags, removed_at, imsi_pairs, contract)
SELECT s.subscriber_key, CASE n WHEN 1 THEN s.first_seen_at ELSE pg_temp.changed_at(key, versions, n - 1, tonight) END, pg_temp.changed_at(key, versions, n, tonight),
    '00000000-0000-7000-8000-000000000000', s.source, s.subscriber_id, s.physical_id, s.kind, s.iccid, s.eid,
    CASE WHEN key % 5 = 2 THEN pg_temp.imei(key + 500) ELSE s.imei END, s.imeisv,
    CASE WHEN key % 5 IN (1, 3) THEN pg_temp.status(key + 6 + n % 2) ELSE s.status END, s.provider_status,
    CASE WHEN key % 11 = 0 THEN '00000000-0000-4000-8000-000000000000' ELSE s.customer_id END, s.nickname, s.flags, NULL,
    (SELECT jsonb_agg(jsonb_build_object('imsi', CASE WHEN key % 13 = 0 THEN '9' || right(i.imsi, 14) ELSE i.imsi END, 'msisdn', i.msisdn,
        'is_last_active', i.is_last_active) ORDER BY i.ordinal) FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key),
    (SELECT to_jsonb(k) - 'subscriber_key' FROM fleet.contract k WHERE k.subscriber_key = s.subscriber_key)
FROM (SELECT m.*, n FROM made m, generate_series(1, m.versions) n) m
JOIN fleet.subscriber s ON s.subscriber_key = m.key
ORDER BY 3;

SELECT sync.make_usage_partition(day::date) FROM generate_series(date_trunc('month', now() - interval '60 days'), now(), '1 month') day;
INSERT INTO fleet.data_usage (subscriber_key, day, data_usage_bytes, observed_at)
SELECT key, day, CASE WHEN key % 20 = 0 THEN 0 ELSE (key % 1000) * 1000 * ((28 + extract(day FROM day)::int - key / 4 % 28) % 28) END, (day + time '01:00') AT TIME ZONE 'UTC'
FROM generate_series(0, 59) n, LATERAL (SELECT ((now() AT TIME ZONE 'UTC')::date - 59 + n) AS day) d, made
WHERE NOT is_flolive AND (key / 4 + n) % 50 <> 0;

INSERT INTO fleet.network_state (subscriber_key, is_online, is_transferring, data_usage_bytes, observed_at)
SELECT u.subscriber_key, u.subscriber_key % 3 <> 0, false, u.data_usage_bytes, u.observed_at
FROM fleet.data_usage u WHERE u.day = (now() AT TIME ZONE 'UTC')::date;

INSERT INTO fleet.tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
SELECT 'iotx', day, 'op' || o, 'Operator ' || o, 'TARIFF ' || t, 5000, 1000000
FROM generate_series(0, 3) o, generate_series(0, 11) t, generate_series((now() AT TIME ZONE 'UTC')::date - 59, (now() AT TIME ZONE 'UTC')::date, '1 day') day;

INSERT INTO fleet.subscriber_detail (subscriber_key, alias, tags, system_labels, user_labels, mcc, mnc, last_rat_type_label, last_apn, is_in_data_session,
    last_data_session_at, flags, fetched_at)
SELECT key, 'alias ' || key, '{}', '{}', '{}', '234', lpad((key % 30)::text, 2, '0'), (ARRAY['4G', '3G', '2G', 'NB-IoT'])[1 + key % 4], 'iot.apn', key % 3 = 0,
    tonight - make_interval(days => key % 90), '{}', tonight - make_interval(days => key % 40)
FROM made WHERE is_flolive;
INSERT INTO fleet.subscriber_offer (subscriber_key, ordinal, offer_id, name, attached_at, renews_on, expires_on, priority, linked_offer_ids)
SELECT key, 0, ('00000000-0000-4000-9000-' || lpad((key % 60)::text, 12, '0'))::uuid, 'Offer ' || key % 60, tonight - interval '1 year',
    tonight::date + key % 30, tonight::date + key % 700, 1, '{}'
FROM made WHERE is_flolive;
INSERT INTO fleet.esim_profile (source, eid, profile_id, name, is_active, subscriber_id, iccid, flags, first_seen_at, fetched_at)
SELECT s.source, '89' || lpad((key / 80)::text, 30, '0'), md5(key::text)::uuid, 'Profile ' || key, key % 40 = 1, s.subscriber_id, s.iccid, '{}', tonight, tonight
FROM made JOIN fleet.subscriber s ON s.subscriber_key = key
WHERE key % 40 IN (1, 2);
DROP TABLE made;
