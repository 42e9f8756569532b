-- What the questions of docs/queries/ need beside the tables: a look-up by whatever
-- identifier is at hand, usage a day with the resets of the counter undone, and the
-- days' sums by tariff, for counting them anew from every day of every subscriber takes
-- minutes.

-- +goose Up
CREATE VIEW fleet.daily_usage AS
SELECT u.subscriber_key, u.day, u.data_usage_bytes, lag(u.day) OVER w AS previous_day,
    CASE
        WHEN lag(u.data_usage_bytes) OVER w IS NULL THEN NULL
        WHEN u.data_usage_bytes >= lag(u.data_usage_bytes) OVER w THEN u.data_usage_bytes - lag(u.data_usage_bytes) OVER w
        ELSE u.data_usage_bytes
    END AS used_bytes,
    u.data_usage_bytes < lag(u.data_usage_bytes) OVER w AS is_reset,
    u.observed_at
FROM fleet.data_usage u
WINDOW w AS (PARTITION BY u.subscriber_key ORDER BY u.day);
COMMENT ON VIEW fleet.daily_usage IS 'One row per IoT-X subscriber and UTC day with an observation: what was used since the observation before. Name subscribers: a range of days alone reads all days of all subscribers. The sums of all subscribers by tariff are in fleet.tariff_usage.';
COMMENT ON COLUMN fleet.daily_usage.subscriber_key IS 'The subscriber (fleet.subscriber).';
COMMENT ON COLUMN fleet.daily_usage.day IS 'The UTC day of the observation.';
COMMENT ON COLUMN fleet.daily_usage.data_usage_bytes IS 'The counter as observed (fleet.data_usage): bytes in the billing period so far.';
COMMENT ON COLUMN fleet.daily_usage.previous_day IS 'The day of the observation before; null for the first one. Where it is not the day before, used_bytes is of all the days since.';
COMMENT ON COLUMN fleet.daily_usage.used_bytes IS 'Bytes by which the counter grew since then; where it fell back, a billing period has begun and what it counts since is taken (what was used between the last observation and the reset was seen by nobody). Null for the first observation: what it counts began before it.';
COMMENT ON COLUMN fleet.daily_usage.is_reset IS 'Whether the counter fell back since the observation before: a billing period has begun. Null for the first observation.';
COMMENT ON COLUMN fleet.daily_usage.observed_at IS 'When the provider''s answer was received.';

-- It outlives a migration down, for it remembers tariffs that have changed since, and
-- days whose partitions are dropped.
CREATE TABLE IF NOT EXISTS fleet.tariff_usage (
    source        text COLLATE "C" NOT NULL,
    day           date NOT NULL,
    operator_code text,
    operator_name text,
    tariff_name   text,
    subscribers   bigint NOT NULL,
    used_bytes    bigint NOT NULL,
    CONSTRAINT tariff_usage_key UNIQUE NULLS NOT DISTINCT (day, source, operator_code, operator_name, tariff_name),
    CONSTRAINT tariff_usage_counts CHECK (least(subscribers, used_bytes) >= 0)
);
COMMENT ON TABLE fleet.tariff_usage IS 'One row per source, UTC day, operator and tariff: the sum of what fleet.daily_usage tells of each subscriber. Each sync counts its days anew, with the tariffs that it found: a later change of tariff leaves the days before it as they were. It is kept when fleet.data_usage no longer has the day.';
COMMENT ON COLUMN fleet.tariff_usage.source IS 'The source''s name, as in the settings.';
COMMENT ON COLUMN fleet.tariff_usage.day IS 'The UTC day of the observations. A day without a sync has no row: the next one holds what was used since.';
COMMENT ON COLUMN fleet.tariff_usage.operator_code IS 'IoT-X operatorCode; null where the provider gave none.';
COMMENT ON COLUMN fleet.tariff_usage.operator_name IS 'IoT-X operatorName; null where the provider gave none.';
COMMENT ON COLUMN fleet.tariff_usage.tariff_name IS 'IoT-X tariffName; null where the provider gave none.';
COMMENT ON COLUMN fleet.tariff_usage.subscribers IS 'Subscribers observed that day, those included whose used_bytes is not known or 0.';
COMMENT ON COLUMN fleet.tariff_usage.used_bytes IS 'Bytes that they used since their observations before; 0 where all are first ones.';

-- Days that are here already keep what they remember, but for the last: an older program
-- may have synced since it was counted. No sync may slip in between.
LOCK TABLE fleet.data_usage IN SHARE MODE;
DELETE FROM fleet.tariff_usage t WHERE t.day = (SELECT max(l.day) FROM fleet.tariff_usage l WHERE l.source = t.source);
INSERT INTO fleet.tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
SELECT s.source, u.day, k.operator_code, k.operator_name, k.tariff_name, count(*), coalesce(sum(u.used_bytes), 0)
FROM fleet.daily_usage u
JOIN fleet.subscriber s ON s.subscriber_key = u.subscriber_key
LEFT JOIN fleet.contract k ON k.subscriber_key = u.subscriber_key
LEFT JOIN (SELECT t.source, max(t.day) AS day FROM fleet.tariff_usage t GROUP BY t.source) l ON l.source = s.source
WHERE l.day IS NULL OR u.day > l.day
GROUP BY s.source, u.day, k.operator_code, k.operator_name, k.tariff_name;

-- Inlined into the query that calls it: each branch is one look-up by an index, or none
-- where the identifier has not its form.
-- +goose StatementBegin
CREATE FUNCTION fleet.find(identifier text) RETURNS TABLE (subscriber_key bigint, found_as text, held_until timestamptz)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
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
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION fleet.find IS 'The subscribers, removed ones included, that have or had an identifier, as it is typed: ICCID (spaces, dashes, a filler F; the check digit may be missing), IMSI, MSISDN with its country code (+ or 00, spaces, brackets), IMEI with or without its check digit or IMEISV (devices are the same by the first 14 digits), EID, EUI, floLIVE subscriberId or IoT-X physicalId. found_as says as what it was found, held_until until when the subscriber had it: null where it has it still, or had it when it was removed.';

-- The default privileges of the first migration reach what its own role makes only.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'simsync_analyst') THEN
        GRANT SELECT ON fleet.daily_usage, fleet.tariff_usage TO simsync_analyst;
        GRANT EXECUTE ON FUNCTION fleet.find TO simsync_analyst;
    END IF;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- fleet.tariff_usage stays: what it remembers cannot be had back, and an older program
-- does not look at it.
DROP FUNCTION fleet.find;
DROP VIEW fleet.daily_usage;
