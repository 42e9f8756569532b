-- Indexes for looking up what was, and days of usage. They are made while syncs and
-- queries go on, outside a transaction: where that was broken off, the file is run
-- again from its start, and an index that was left unfinished makes way.

-- +goose NO TRANSACTION
-- +goose Up
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_imeisv_idx;
-- A device is looked up by its IMEI; by its IMEISV only where that says something else.
CREATE INDEX CONCURRENTLY subscriber_imeisv_idx ON fleet.subscriber (imeisv)
    WHERE imei IS NULL OR left(imei, 14) <> left(imeisv, 14);
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_imei_idx;
CREATE INDEX CONCURRENTLY subscriber_history_imei_idx ON fleet.subscriber_history (imei) WHERE imei IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_eid_idx;
CREATE INDEX CONCURRENTLY subscriber_history_eid_idx ON fleet.subscriber_history (eid) WHERE eid IS NOT NULL;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_imsi_pairs_idx;
CREATE INDEX CONCURRENTLY subscriber_history_imsi_pairs_idx ON fleet.subscriber_history USING gin (imsi_pairs jsonb_path_ops);

-- A partitioned table has no index made concurrently. This kind is some kilobytes a
-- month and costs one reading of the table, a few seconds for a month of 250,000
-- subscribers, while queries go on and a sync waits. Later months have it from here.
CREATE INDEX IF NOT EXISTS data_usage_day_idx ON fleet.data_usage USING brin (day) WITH (autosummarize = on);

-- +goose Down
DROP INDEX IF EXISTS fleet.data_usage_day_idx;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_imsi_pairs_idx;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_eid_idx;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_history_imei_idx;
DROP INDEX CONCURRENTLY IF EXISTS fleet.subscriber_imeisv_idx;
