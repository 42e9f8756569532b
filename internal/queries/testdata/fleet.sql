-- A fleet small enough to know every answer by heart, on 15 June 2026, 08:00 UTC. Syncs are at
-- 02:00; the last one of flolive is complete, that of iotx is not.
SET search_path = clock, fleet, pg_catalog;
SET TimeZone = 'UTC';

INSERT INTO sync.run (run_id, source, command, started_at, finished_at, outcome, exit_code, error, version, as_of, declared,
    records, inserted, updated, unchanged, repeated, rejected, rejected_parts, removed) VALUES
    ('00000000-0000-7000-8000-000000000011', 'iotx', 'run', '2026-06-11 01:50Z', '2026-06-11 02:00Z', 'ok', 0, NULL, 'test', '2026-06-11 02:00Z', NULL, 9, 0, 0, 9, 0, 0, 0, 1),
    ('00000000-0000-7000-8000-000000000013', 'flolive', 'run', '2026-06-13 01:50Z', '2026-06-13 02:00Z', 'ok', 0, NULL, 'test', '2026-06-13 02:00Z', 4, 4, 0, 1, 3, 0, 0, 0, 0),
    ('00000000-0000-7000-8000-000000000013', 'iotx', 'run', '2026-06-13 01:50Z', '2026-06-13 02:00Z', 'ok', 0, NULL, 'test', '2026-06-13 02:00Z', NULL, 10, 0, 1, 9, 0, 0, 0, 0),
    ('00000000-0000-7000-8000-000000000014', 'iotx', 'run', '2026-06-14 01:50Z', '2026-06-14 02:00Z', 'ok', 0, NULL, 'test', '2026-06-14 02:00Z', NULL, 11, 1, 0, 10, 0, 0, 0, 0),
    ('00000000-0000-7000-8000-000000000015', 'flolive', 'run', '2026-06-15 01:50Z', '2026-06-15 02:00Z', 'ok', 0, NULL, 'test', '2026-06-15 02:00Z', 4, 4, 0, 0, 4, 0, 0, 0, 0),
    ('00000000-0000-7000-8000-000000000015', 'iotx', 'run', '2026-06-15 01:50Z', '2026-06-15 02:00Z', 'incomplete', 3, 'subscribers: drift', 'test', '2026-06-15 02:00Z', NULL, 8, 0, 0, 8, 0, 0, 0, 0),
    ('00000000-0000-7000-8000-000000000016', 'iotx', 'run', '2026-06-15 07:00Z', NULL, NULL, NULL, NULL, 'test', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sync.walk (run_id, source, listing, verdict, declared, distinct_records, repeated, sessions, requests, started_at, finished_at) VALUES
    ('00000000-0000-7000-8000-000000000015', 'flolive', '00000000-0000-4000-8000-00000000000a', 'complete', 3, 3, 0, 1, 1, '2026-06-15 01:51Z', '2026-06-15 01:52Z'),
    ('00000000-0000-7000-8000-000000000015', 'flolive', '00000000-0000-4000-8000-00000000000b', 'complete', 1, 1, 0, 2, 2, '2026-06-15 01:52Z', '2026-06-15 01:53Z');

INSERT INTO customer VALUES
    ('flolive', '00000000-0000-4000-8000-00000000000a', 'Acme'),
    ('flolive', '00000000-0000-4000-8000-00000000000b', 'Acme South');

INSERT INTO subscriber (subscriber_key, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, eui, status, provider_status, customer_id, nickname,
    parent_key, is_enabled_on_parent, flags, first_seen_at, changed_at, removed_at, content_hash) VALUES
    -- floLIVE: an ordinary SIM; one that was suspended on the 12th and had moved on 30 May; one of no customer and without an active IMSI; the first once more, as a child customer lists it
    (1, 'flolive', '00000000-0000-4000-9000-000000000001', NULL, 'cellular', '8944000000000000001', NULL, '350000000000017', '3500000000000102', NULL, 'active', 'ACTIVE', '00000000-0000-4000-8000-00000000000a', NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 1),
    (2, 'flolive', '00000000-0000-4000-9000-000000000002', NULL, 'cellular', '89440000000000000027', NULL, '350000000000025', NULL, NULL, 'suspended', 'SUSPENDED', '00000000-0000-4000-8000-00000000000b', NULL, NULL, NULL, '{iccid_luhn}', '2026-01-01 02:00Z', '2026-06-13 02:00Z', NULL, 2),
    (3, 'flolive', '00000000-0000-4000-9000-000000000003', NULL, 'cellular', '8944000000000000003', NULL, NULL, '3500000000000301', NULL, 'active', 'ACTIVE', NULL, NULL, NULL, NULL, '{iccid_luhn,many_active}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 3),
    (4, 'flolive', '00000000-0000-4000-9000-000000000004', NULL, 'cellular', '8944000000000000001', NULL, '35000000000001', NULL, NULL, 'active', 'ACTIVE', '00000000-0000-4000-8000-00000000000b', NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 4),
    -- IoT-X: in use; silent, its counter reset to 0; offline but used; silent with days missing; gone and back; gone; new; a contract terminated
    (5, 'iotx', '447700900001', '8944000000000000055', 'cellular', '8944000000000000055', NULL, '350000000000058', NULL, NULL, 'active', NULL, NULL, 'gate', NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-06-09 02:00Z', NULL, 5),
    (6, 'iotx', '447700900006', '8944000000000000066', 'cellular', '8944000000000000066', NULL, NULL, NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 6),
    (7, 'iotx', '447700900007', '8944000000000000077', 'cellular', '8944000000000000077', NULL, NULL, NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 7),
    (8, 'iotx', '447700900008', '8944000000000000088', 'cellular', '8944000000000000088', NULL, NULL, NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 8),
    (9, 'iotx', '447700900009', '8944000000000000099', 'cellular', '8944000000000000099', NULL, NULL, NULL, NULL, 'suspended', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-06-13 02:00Z', NULL, 9),
    (10, 'iotx', '447700900010', '8944000000000000100', 'cellular', '8944000000000000100', NULL, NULL, NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-06-11 02:00Z', '2026-06-11 02:00Z', 10),
    (11, 'iotx', '447700900011', '8944000000000000111', 'cellular', '8944000000000000111', NULL, '350000000000058', NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-06-14 02:00Z', '2026-06-14 02:00Z', NULL, 11),
    (18, 'iotx', '447700900018', '8944000000000000188', 'cellular', '8944000000000000188', NULL, NULL, NULL, NULL, 'terminated', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 18),
    -- an eUICC with two profiles, a satellite terminal, a thing without IP
    (12, 'iotx', '447700900012', '8944000000000000122', 'cellular', '8944000000000000122', '89000000000000000000000000000012', NULL, NULL, NULL, 'inactive', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 12),
    (13, 'iotx', '447700900013', '8944000000000000133', 'cellular', '8944000000000000133', NULL, NULL, NULL, NULL, 'active', NULL, NULL, 'profile one', 12, true, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 13),
    (14, 'iotx', '447700900014', '8944000000000000144', 'cellular', '8944000000000000144', NULL, NULL, NULL, NULL, 'inactive', NULL, NULL, 'profile two', 12, false, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 14),
    (16, 'iotx', 'S-16', '350000000000165', 'satellite', NULL, NULL, '350000000000165', NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 16),
    (17, 'iotx', NULL, '70B3D5E75E001A2B', 'non_ip', NULL, NULL, NULL, NULL, '70b3d5e75e001a2b', 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 17),
    -- another source holds the fifth's ICCID and IMSI
    (15, 'other', '447700900001', '8944000000000000055', 'cellular', '8944000000000000055', NULL, NULL, NULL, NULL, 'active', NULL, NULL, NULL, NULL, NULL, '{}', '2026-01-01 02:00Z', '2026-01-01 02:00Z', NULL, 15);

INSERT INTO subscriber_imsi (subscriber_key, ordinal, imsi, msisdn, is_last_active) VALUES
    (1, 0, '234150000000001', '447700900101', true), (1, 1, '901280000000001', NULL, false),
    (2, 0, '234150000000002', NULL, true),
    (3, 0, '234150000000003', NULL, false), (3, 1, '901280000000001', NULL, false), (3, 2, '901280000000001', '447700900103', false),
    (4, 0, '234150000000001', '447700900101', true),
    (5, 0, '234150000000005', '447700900001', true), (6, 0, '234150000000006', '447700900006', true), (7, 0, '234150000000007', '447700900007', true),
    (8, 0, '234150000000008', '447700900008', true), (9, 0, '234150000000009', '447700900009', true), (10, 0, '234150000000011', '447700900010', true),
    (11, 0, '234150000000011', '447700900011', true), (15, 0, '234150000000005', '447700900001', true);

INSERT INTO contract (subscriber_key, operator_code, operator_name, tariff_name, line_rental_minor, connected_at, expires_at, terminated_at, contract_months, is_active, is_barred) VALUES
    (5, 'one', 'Operator One', 'SMALL', 150, '2024-01-01Z', '2026-07-01Z', NULL, 30, true, false),
    (6, 'one', 'Operator One', 'SMALL', 150, '2024-01-01Z', '2026-09-13 08:00Z', NULL, 30, true, false), -- the first moment that is not within 90 days
    (7, 'one', 'Operator One', 'LARGE', 900, '2024-01-01Z', '2026-06-15 07:59Z', NULL, 30, true, false), -- ended a minute ago
    (8, 'two', 'Operator Two', 'SMALL', NULL, '2024-01-01Z', NULL, NULL, NULL, true, false),
    (9, 'one', 'Operator One', 'SMALL', 150, '2024-01-01Z', '2026-08-01Z', NULL, 30, true, true),
    (10, 'one', 'Operator One', 'SMALL', 150, '2024-01-01Z', '2026-07-02Z', NULL, 30, true, false),
    (11, 'two', 'Operator Two', 'SMALL', 200, '2026-06-14Z', '2026-06-15 08:00Z', NULL, 12, true, false), -- ends now
    (18, 'one', 'Operator One', 'SMALL', 150, '2024-01-01Z', '2026-07-03Z', '2026-06-01Z', 30, false, false),
    (15, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, true, false);

INSERT INTO network_state (subscriber_key, is_online, is_transferring, data_usage_bytes, observed_at) VALUES
    (5, true, false, 1400, '2026-06-15 01:00Z'), (6, false, false, 0, '2026-06-15 01:00Z'), (7, false, false, 500, '2026-06-15 01:00Z'),
    (8, false, NULL, 70, '2026-06-12 01:00Z'), (9, false, false, 0, '2026-06-15 01:00Z'), (11, false, false, 0, '2026-06-15 01:00Z'), (16, NULL, NULL, NULL, '2026-06-15 01:00Z');

SELECT sync.make_usage_partition('2026-05-01'), sync.make_usage_partition('2026-06-01');
INSERT INTO data_usage (subscriber_key, day, data_usage_bytes, observed_at)
-- the fifth uses 100 a day and begins anew on 1 June; nobody observed it on the 10th
SELECT 5, d, CASE WHEN d < '2026-06-01' THEN (d - '2026-05-01') ELSE (d - '2026-06-01') END * 100, (d + time '01:00') AT TIME ZONE 'UTC'
FROM (SELECT generate_series('2026-05-25', '2026-06-15', interval '1 day')::date) x (d) WHERE d <> '2026-06-10'
UNION ALL -- the sixth stands still at 80, and at 0 from 1 June
SELECT 6, d, CASE WHEN d < '2026-06-01' THEN 80 ELSE 0 END, (d + time '01:00') AT TIME ZONE 'UTC'
FROM (SELECT generate_series('2026-05-25', '2026-06-15', interval '1 day')::date) x (d)
UNION ALL -- the seventh comes back to the same counter by way of a reset
SELECT 7, d, CASE WHEN d < '2026-06-05' THEN 500 WHEN d < '2026-06-08' THEN 0 ELSE 500 END, (d + time '01:00') AT TIME ZONE 'UTC'
FROM (SELECT generate_series('2026-05-25', '2026-06-15', interval '1 day')::date) x (d)
UNION ALL -- the eighth is seldom observed
SELECT 8, d, 70, (d + time '01:00') AT TIME ZONE 'UTC' FROM unnest(ARRAY['2026-05-26', '2026-06-12']::date[]) x (d)
UNION ALL -- the eleventh is new
SELECT 11, d, 0, (d + time '01:00') AT TIME ZONE 'UTC' FROM unnest(ARRAY['2026-06-14', '2026-06-15']::date[]) x (d);

INSERT INTO tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
SELECT s.source, u.day, k.operator_code, k.operator_name, k.tariff_name, count(*), coalesce(sum(u.used_bytes), 0)
FROM daily_usage u JOIN subscriber s USING (subscriber_key) JOIN contract k USING (subscriber_key)
GROUP BY s.source, u.day, k.operator_code, k.operator_name, k.tariff_name;

INSERT INTO subscriber_history (subscriber_key, valid_from, valid_to, run_id, source, subscriber_id, physical_id, kind, iccid, eid, imei, imeisv, status, provider_status,
    customer_id, nickname, flags, removed_at, imsi_pairs, contract) VALUES
    -- the second: at Acme, then moved, then suspended
    (2, '2026-01-01 02:00Z', '2026-05-30 02:00Z', '00000000-0000-7000-8000-000000000001', 'flolive', '00000000-0000-4000-9000-000000000002', NULL, 'cellular', '89440000000000000027', NULL, '350000000000025', NULL, 'active', 'ACTIVE',
        '00000000-0000-4000-8000-00000000000a', NULL, '{iccid_luhn}', NULL, '[{"imsi": "234150000000002", "msisdn": null, "is_last_active": true}]', NULL),
    (2, '2026-05-30 02:00Z', '2026-06-13 02:00Z', '00000000-0000-7000-8000-000000000013', 'flolive', '00000000-0000-4000-9000-000000000002', NULL, 'cellular', '89440000000000000027', NULL, '350000000000025', NULL, 'active', 'ACTIVE',
        '00000000-0000-4000-8000-00000000000b', NULL, '{iccid_luhn}', NULL, '[{"imsi": "234150000000002", "msisdn": null, "is_last_active": true}]', NULL),
    -- the fifth: the number that the eleventh has now, in another device, and on another tariff
    (5, '2026-01-01 02:00Z', '2026-06-09 02:00Z', '00000000-0000-7000-8000-000000000009', 'iotx', '447700900011', '8944000000000000055', 'cellular', '8944000000000000055', NULL, '350000000000991', NULL, 'active', NULL,
        NULL, 'gate', '{}', NULL, '[{"imsi": "234150000000005", "msisdn": "447700900011", "is_last_active": true}]', '{"operator_code": "one", "operator_name": "Operator One", "tariff_name": "LARGE", "line_rental_minor": 150, "connected_at": "2024-01-01T00:00:00+00:00", "expires_at": "2026-07-01T00:00:00+00:00", "contract_months": 30, "is_active": true, "is_barred": false}'),
    -- the ninth: active, gone on the 10th, back and suspended on the 13th
    (9, '2026-01-01 02:00Z', '2026-06-10 02:00Z', '00000000-0000-7000-8000-000000000010', 'iotx', '447700900009', '8944000000000000099', 'cellular', '8944000000000000099', NULL, NULL, NULL, 'active', NULL,
        NULL, NULL, '{}', NULL, '[{"imsi": "234150000000009", "msisdn": "447700900009", "is_last_active": true}]', '{"operator_code": "one", "operator_name": "Operator One", "tariff_name": "SMALL"}'),
    (9, '2026-06-10 02:00Z', '2026-06-13 02:00Z', '00000000-0000-7000-8000-000000000013', 'iotx', '447700900009', '8944000000000000099', 'cellular', '8944000000000000099', NULL, NULL, NULL, 'active', NULL,
        NULL, NULL, '{}', '2026-06-10 02:00Z', '[{"imsi": "234150000000009", "msisdn": "447700900009", "is_last_active": true}]', '{"operator_code": "one", "operator_name": "Operator One", "tariff_name": "SMALL"}'),
    (10, '2026-01-01 02:00Z', '2026-06-11 02:00Z', '00000000-0000-7000-8000-000000000011', 'iotx', '447700900010', '8944000000000000100', 'cellular', '8944000000000000100', NULL, NULL, NULL, 'active', NULL,
        NULL, NULL, '{}', NULL, '[{"imsi": "234150000000011", "msisdn": "447700900010", "is_last_active": true}]', NULL);

INSERT INTO subscriber_detail (subscriber_key, alias, tags, system_labels, user_labels, mcc, mnc, last_rat_type, last_rat_type_label, is_in_data_session, flags, fetched_at) VALUES
    (1, 'lift', '{}', '{}', '{}', '234', '15', '6', '4G', true, '{}', '2026-06-15 02:01Z'),
    (2, NULL, '{}', '{}', '{}', '234', '015', '6', NULL, false, '{location_range}', '2026-06-01 02:01Z'),
    (4, NULL, '{}', '{}', '{}', '234', '15', '6', '4G', NULL, '{}', '2026-06-15 02:01Z');
INSERT INTO subscriber_offer (subscriber_key, ordinal, offer_id, name, renews_on, expires_on, linked_offer_ids) VALUES
    (1, 0, '00000000-0000-4000-a000-000000000001', 'Ended', NULL, '2026-06-14', '{}'),
    (1, 1, '00000000-0000-4000-a000-000000000002', 'Today', '2026-06-15', '2026-06-15', '{}'),
    (1, 2, '00000000-0000-4000-a000-000000000003', 'Endless', '2026-07-01', NULL, '{}'),
    (2, 0, '00000000-0000-4000-a000-000000000004', 'Last day', NULL, '2026-07-15', '{}'),
    (2, 1, '00000000-0000-4000-a000-000000000005', 'Too late', NULL, '2026-07-16', '{}');
INSERT INTO esim_profile (source, eid, profile_id, name, is_active, subscriber_id, iccid, flags, first_seen_at, fetched_at, removed_at) VALUES
    ('flolive', '89000000000000000000000000000021', '00000000-0000-4000-b000-000000000001', 'main', true, '00000000-0000-4000-9000-000000000001', '8944000000000000001', '{}', '2026-06-01 02:00Z', '2026-06-15 02:01Z', NULL),
    ('flolive', '89000000000000000000000000000021', '00000000-0000-4000-b000-000000000002', 'spare', true, '00000000-0000-4000-9000-0000000000ff', '8944000000000000999', '{iccid_luhn}', '2026-06-01 02:00Z', '2026-06-15 02:01Z', NULL),
    ('flolive', '89000000000000000000000000000022', '00000000-0000-4000-b000-000000000003', NULL, NULL, NULL, '8944000000000000002', '{}', '2026-06-01 02:00Z', '2026-06-15 02:01Z', NULL),
    ('flolive', '89000000000000000000000000000022', '00000000-0000-4000-b000-000000000004', 'left', true, '00000000-0000-4000-9000-000000000003', '8944000000000000003', '{}', '2026-06-01 02:00Z', '2026-06-10 02:01Z', '2026-06-10 02:01Z');
