-- The small made-up fleet of the examples in data-dictionary.md: two sources, seven
-- subscribers, three nights. In the third a subscriber was suspended, one was given
-- another nickname, one was gone, and IoT-X could not be read to its end.

INSERT INTO sync.run (run_id, source, command, started_at, finished_at, outcome, exit_code, error, version, declared, records,
    inserted, updated, unchanged, repeated, rejected, rejected_parts, removed, requests, retries, bytes, as_of) VALUES
    ('019a3d00-0000-7000-8000-000000000001', 'flolive', 'run', '2026-11-01 02:00Z', '2026-11-01 02:02Z', 'ok', 0, NULL, '1.0.0', 3, 3, 3, 0, 0, 0, 0, 0, 0, 5, 0, 4000, '2026-11-01 02:01Z'),
    ('019a3d00-0000-7000-8000-000000000001', 'iotx', 'run', '2026-11-01 02:00Z', '2026-11-01 02:02Z', 'ok', 0, NULL, '1.0.0', NULL, 4, 4, 0, 0, 0, 0, 0, 0, 3, 0, 6000, '2026-11-01 02:01Z'),
    ('019a4200-0000-7000-8000-000000000002', 'flolive', 'run', '2026-11-02 02:00Z', '2026-11-02 02:02Z', 'ok', 0, NULL, '1.0.0', 3, 3, 0, 0, 3, 0, 0, 0, 0, 5, 0, 4000, '2026-11-02 02:01Z'),
    ('019a4200-0000-7000-8000-000000000002', 'iotx', 'run', '2026-11-02 02:00Z', '2026-11-02 02:02Z', 'ok', 0, NULL, '1.0.0', NULL, 4, 0, 0, 4, 0, 0, 0, 0, 3, 0, 6000, '2026-11-02 02:01Z'),
    ('019a4700-0000-7000-8000-000000000003', 'flolive', 'run', '2026-11-03 02:00Z', '2026-11-03 02:02Z', 'ok', 0, NULL, '1.0.0', 2, 2, 0, 1, 1, 0, 0, 0, 1, 5, 0, 3000, '2026-11-03 02:01Z'),
    ('019a4700-0000-7000-8000-000000000003', 'iotx', 'run', '2026-11-03 02:00Z', '2026-11-03 02:02Z', 'incomplete', 3, 'listing subscribers: drift', '1.0.0', NULL, 3, 0, 1, 2, 0, 0, 0, 0, 9, 4, 5000, '2026-11-03 02:01Z');

INSERT INTO sync.walk (run_id, source, listing, verdict, declared, distinct_records, repeated, sessions, requests, started_at, finished_at)
SELECT run_id, source, CASE source WHEN 'iotx' THEN 'subscribers' ELSE '3bd92beb-0367-4e68-b50d-72c0fb08beab' END,
    CASE outcome WHEN 'ok' THEN 'complete' ELSE 'drift' END, declared, records, 0, 1, requests, started_at, as_of
FROM sync.run;

INSERT INTO fleet.customer (source, customer_id, name) VALUES
    ('flolive', '3bd92beb-0367-4e68-b50d-72c0fb08beab', 'Northwind Metering'),
    ('flolive', '7c1f4f0e-5a55-4f4c-9d7e-0d5a3c1b2a10', 'Northwind Metering North');

INSERT INTO fleet.subscriber (subscriber_key, source, subscriber_id, physical_id, kind, iccid, eid, imei, status, provider_status, customer_id,
    nickname, parent_key, is_enabled_on_parent, flags, extra, first_seen_at, changed_at, removed_at, content_hash) VALUES
    (1000, 'flolive', '5a2c7d1e-0000-4000-8000-000000000001', NULL, 'cellular', '8935711000000010016', NULL, '353652060163533', 'active', 'ACTIVE',
        '3bd92beb-0367-4e68-b50d-72c0fb08beab', NULL, NULL, NULL, '{}', NULL, '2026-11-01 02:01Z', '2026-11-01 02:01Z', NULL, 0),
    (1001, 'flolive', '5a2c7d1e-0000-4000-8000-000000000002', NULL, 'cellular', '8935711000000010024', NULL, NULL, 'suspended', 'SUSPENDED',
        '7c1f4f0e-5a55-4f4c-9d7e-0d5a3c1b2a10', NULL, NULL, NULL, '{}', NULL, '2026-11-01 02:01Z', '2026-11-03 02:01Z', NULL, 0),
    (1002, 'flolive', '5a2c7d1e-0000-4000-8000-000000000003', NULL, 'cellular', '8935711000000010033', NULL, NULL, 'active', 'ACTIVE',
        '3bd92beb-0367-4e68-b50d-72c0fb08beab', NULL, NULL, NULL, '{iccid_luhn}', NULL, '2026-11-01 02:01Z', '2026-11-03 02:01Z', '2026-11-03 02:01Z', 0),
    (2000, 'iotx', '447700900001', '8944100000000020016', 'cellular', '8944100000000020016', '89049032000000000000000000001230', NULL, 'active', NULL,
        NULL, 'Pump 1', NULL, NULL, '{}', NULL, '2026-11-01 02:01Z', '2026-11-01 02:01Z', NULL, 0),
    (2001, 'iotx', '447700900002', '8944100000000020024', 'cellular', '8944100000000020024', '89049032000000000000000000001230', NULL, 'active', NULL,
        NULL, NULL, 2000, true, '{}', NULL, '2026-11-01 02:01Z', '2026-11-01 02:01Z', NULL, 0),
    (2002, 'iotx', 'SAT-77', '300125000001232', 'satellite', NULL, NULL, '300125000001232', 'inactive', NULL,
        NULL, NULL, NULL, NULL, '{}', NULL, '2026-11-01 02:01Z', '2026-11-01 02:01Z', NULL, 0),
    (2003, 'iotx', '447700900004', '8944100000000020040', 'cellular', '8944100000000020040', NULL, NULL, 'active', NULL,
        NULL, 'Gate South', NULL, NULL, '{}', NULL, '2026-11-01 02:01Z', '2026-11-03 02:01Z', NULL, 0);

INSERT INTO fleet.subscriber_imsi (subscriber_key, ordinal, imsi, msisdn, is_last_active) VALUES
    (1000, 0, '222013000000001', '393312000001', true),
    (1000, 1, '901280000000001', NULL, false),
    (1001, 0, '222013000000002', '393312000002', true),
    (1002, 0, '222013000000003', '393312000003', true),
    (2000, 0, '234150000000001', '447700900001', true),
    (2001, 0, '234150000000002', '447700900002', true),
    (2003, 0, '234150000000004', '447700900004', true);

INSERT INTO fleet.contract (subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at,
    terminated_at, contract_months, is_active, is_barred, group_id, subscription_id, subscriber_type, smdp_provider) VALUES
    (2000, 'op1', 'Operator One', 'TARIFF 5MB', 150, '2025-01-15 00:00Z', '2027-01-15 00:00Z', NULL, 24, true, false, 7, NULL, 'physical', 'SM-DP One'),
    (2001, 'op2', 'Operator Two', 'TARIFF 5MB', 150, '2025-01-15 00:00Z', '2026-12-31 00:00Z', NULL, 24, true, false, 7, NULL, 'virtual', 'SM-DP One'),
    (2002, 'sat', 'Satellite One', 'TARIFF SAT', 900, '2026-02-01 00:00Z', '2027-02-01 00:00Z', NULL, 12, false, false, NULL, 'SAT-77', 'physical', NULL),
    (2003, 'op1', 'Operator One', 'TARIFF POOL', 200, '2024-12-20 00:00Z', '2026-12-20 00:00Z', NULL, 24, true, false, NULL, NULL, 'physical', NULL);

INSERT INTO fleet.subscriber_history (subscriber_key, valid_from, valid_to, run_id, source, subscriber_id, physical_id, kind, iccid, status,
    provider_status, customer_id, nickname, flags, imsi_pairs, contract)
SELECT s.subscriber_key, s.first_seen_at, s.changed_at, '019a4700-0000-7000-8000-000000000003', s.source, s.subscriber_id, s.physical_id, s.kind, s.iccid, 'active',
    CASE s.source WHEN 'flolive' THEN 'ACTIVE' END, s.customer_id, CASE s.subscriber_key WHEN 2003 THEN 'Gate' END, s.flags,
    (SELECT jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active) ORDER BY i.ordinal)
     FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key),
    (SELECT to_jsonb(k) - 'subscriber_key' FROM fleet.contract k WHERE k.subscriber_key = s.subscriber_key)
FROM fleet.subscriber s
WHERE s.changed_at > s.first_seen_at;

INSERT INTO fleet.network_state (subscriber_key, is_online, is_transferring, data_usage_bytes, observed_at) VALUES
    (2000, true, false, 4200000, '2026-11-03 02:00:30Z'),
    (2001, true, true, 300000, '2026-11-03 02:00:30Z'),
    (2002, false, false, NULL, '2026-11-02 02:00:30Z'),
    (2003, false, false, 1500000, '2026-11-03 02:00:30Z');

SELECT sync.make_usage_partition('2026-11-01');
INSERT INTO fleet.data_usage (subscriber_key, day, data_usage_bytes, observed_at) VALUES
    (2000, '2026-11-01', 3000000, '2026-11-01 02:00:30Z'),
    (2000, '2026-11-02', 3500000, '2026-11-02 02:00:30Z'),
    (2000, '2026-11-03', 4200000, '2026-11-03 02:00:30Z'),
    (2001, '2026-11-01', 4900000, '2026-11-01 02:00:30Z'),
    (2001, '2026-11-02', 100000, '2026-11-02 02:00:30Z'),
    (2001, '2026-11-03', 300000, '2026-11-03 02:00:30Z'),
    (2003, '2026-11-01', 1500000, '2026-11-01 02:00:30Z'),
    (2003, '2026-11-02', 1500000, '2026-11-02 02:00:30Z'),
    (2003, '2026-11-03', 1500000, '2026-11-03 02:00:30Z');

INSERT INTO fleet.subscriber_detail (subscriber_key, alias, tags, system_labels, user_labels, longitude, latitude, mcc, mnc, lac, cid, last_rat_type,
    last_rat_type_label, last_apn, is_in_data_session, last_data_session_at, last_ip, first_activated_at, flags, fetched_at) VALUES
    (1000, 'Meter 17', '{meter,attic}', '{LPWA}', '{}', 12.48, 41.89, '222', '01', '16', '2224', '6', '4G', 'flolive.net', true,
        '2026-11-02 21:40Z', '10.84.8.208', '2025-03-01 09:00Z', '{}', '2026-11-02 02:01:30Z'),
    (1001, NULL, '{}', '{}', '{}', NULL, NULL, '222', '10', NULL, NULL, '3', '3G (UTRAN 1)', 'flolive.net', false,
        '2026-10-12 08:15Z', NULL, '2025-03-01 09:00Z', '{}', '2026-11-03 02:01:30Z');

INSERT INTO fleet.subscriber_offer (subscriber_key, ordinal, offer_id, name, description, attached_at, renews_on, expires_on, priority, linked_offer_ids) VALUES
    (1000, 0, '0ff3a000-0000-4000-8000-000000000001', 'Meter 10 MB', '10 MB a month in Europe', '2026-01-01 00:00Z', '2026-12-01', '2026-12-31', 1, '{}'),
    (1000, 1, '0ff3a000-0000-4000-8000-000000000002', 'Roaming', NULL, '2026-01-01 00:00Z', NULL, NULL, 2, '{0ff3a000-0000-4000-8000-000000000001}'),
    (1001, 0, '0ff3a000-0000-4000-8000-000000000001', 'Meter 10 MB', '10 MB a month in Europe', '2026-01-01 00:00Z', '2026-12-01', '2027-06-30', 1, '{}');

INSERT INTO fleet.esim_profile (source, eid, profile_id, name, is_active, subscriber_id, iccid, flags, first_seen_at, fetched_at, removed_at) VALUES
    ('flolive', '89049032000000000000000000001230', '9a0f11e0-0000-4000-8000-000000000001', 'home', true, '5a2c7d1e-0000-4000-8000-000000000001',
        '8935711000000010016', '{}', '2026-11-01 02:01:30Z', '2026-11-03 02:01:30Z', NULL),
    ('flolive', '89049032000000000000000000001230', '9a0f11e0-0000-4000-8000-000000000002', 'spare', false, '5a2c7d1e-0000-4000-8000-000000000003',
        '8935711000000010033', '{}', '2026-11-01 02:01:30Z', '2026-11-01 02:01:30Z', '2026-11-03 02:01:30Z');

INSERT INTO fleet.esim_profile_imsi (source, eid, profile_id, ordinal, imsi, msisdn, is_last_active) VALUES
    ('flolive', '89049032000000000000000000001230', '9a0f11e0-0000-4000-8000-000000000001', 0, '222013000000001', '393312000001', true),
    ('flolive', '89049032000000000000000000001230', '9a0f11e0-0000-4000-8000-000000000001', 1, '901280000000001', NULL, false),
    ('flolive', '89049032000000000000000000001230', '9a0f11e0-0000-4000-8000-000000000002', 0, '222013000000003', '393312000003', true);

INSERT INTO fleet.tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
SELECT 'iotx', u.day, k.operator_code, k.operator_name, k.tariff_name, count(*), coalesce(sum(u.used_bytes), 0)
FROM fleet.daily_usage u
JOIN fleet.contract k USING (subscriber_key)
GROUP BY u.day, k.operator_code, k.operator_name, k.tariff_name;

-- Usage was kept from November on.
UPDATE sync.kept SET since = '2026-11-01 00:00Z' WHERE what = 'usage';
