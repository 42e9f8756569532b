-- The journal of the way back: every step of a move or a nickname change, written
-- before it is sent and after its answer.

-- +goose Up
CREATE TABLE sync.change_request (
    change_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    command_id          uuid NOT NULL,
    kind                text COLLATE "C" NOT NULL,
    source              text COLLATE "C" NOT NULL,
    line                integer,
    subject_type        text COLLATE "C" NOT NULL,
    subject_value       text COLLATE "C" NOT NULL,
    subscriber_key      bigint REFERENCES fleet.subscriber,
    from_customer_id    uuid,
    target_customer_id  uuid,
    nickname            text,
    asked_at            timestamptz NOT NULL,
    sent_at             timestamptz,
    request_id          text,
    outcome             text COLLATE "C" NOT NULL,
    code                text,
    settled_at          timestamptz,
    settled_by          text COLLATE "C",
    CONSTRAINT change_request_kind CHECK (kind IN ('move', 'nickname')),
    CONSTRAINT change_request_asked CHECK ((kind = 'move') = (target_customer_id IS NOT NULL) AND (kind = 'nickname') = (nickname IS NOT NULL)),
    CONSTRAINT change_request_outcome CHECK (outcome IN ('journalled', 'accepted', 'unknown', 'done', 'refused', 'not_executed', 'failed')),
    CONSTRAINT change_request_settled CHECK ((settled_at IS NULL) = (outcome IN ('journalled', 'accepted', 'unknown')) AND (settled_at IS NULL) = (settled_by IS NULL)),
    CONSTRAINT change_request_settled_by CHECK (settled_by IN ('answer', 'call', 'detail', 'sync'))
);
-- Two terminals cannot both have the same subscriber under way.
CREATE UNIQUE INDEX change_request_open_idx ON sync.change_request (kind, source, subject_type, subject_value)
    WHERE outcome IN ('journalled', 'accepted', 'unknown');
CREATE INDEX change_request_command_idx ON sync.change_request (command_id);
CREATE INDEX change_request_subscriber_idx ON sync.change_request (subscriber_key);
COMMENT ON TABLE sync.change_request IS 'The journal of write-backs: one row per step, written before it is sent. A step that is open is never sent again.';
COMMENT ON COLUMN sync.change_request.change_id IS 'Key; grows with time.';
COMMENT ON COLUMN sync.change_request.command_id IS 'The command that asked: a UUID of version 7, the same for all its steps.';
COMMENT ON COLUMN sync.change_request.kind IS 'move (to another customer) or nickname.';
COMMENT ON COLUMN sync.change_request.source IS 'The source whose provider is asked.';
COMMENT ON COLUMN sync.change_request.line IS 'The line of the CSV file, from 1; null where it came from the command line.';
COMMENT ON COLUMN sync.change_request.subject_type IS 'What subject_value is: IMSI, ICCID, MSISDN or IMEI (move), PHYSICAL_ID (nickname).';
COMMENT ON COLUMN sync.change_request.subject_value IS 'The identifier that names the subscriber to the provider.';
COMMENT ON COLUMN sync.change_request.subscriber_key IS 'The subscriber, where it is known.';
COMMENT ON COLUMN sync.change_request.from_customer_id IS 'The customer it belonged to when the step was journalled (move); null where not known.';
COMMENT ON COLUMN sync.change_request.target_customer_id IS 'The customer that it is to belong to (move); else null.';
COMMENT ON COLUMN sync.change_request.nickname IS 'The nickname that it is to have (nickname), empty to have none; else null.';
COMMENT ON COLUMN sync.change_request.asked_at IS 'When the step was journalled.';
COMMENT ON COLUMN sync.change_request.sent_at IS 'When the provider''s answer came, or was lost; null where nothing reached the provider, or the program ended before it knew.';
COMMENT ON COLUMN sync.change_request.request_id IS 'The provider''s requestId of an accepted move; null where there is none.';
COMMENT ON COLUMN sync.change_request.outcome IS 'Open: journalled (it may have been sent), accepted (the provider works on it), unknown (the answer was lost). Settled: done, refused (with a code), not_executed (nothing of its call was carried out: another step was refused, or the call was turned away or never arrived), failed (accepted or perhaps sent, and not carried out).';
COMMENT ON COLUMN sync.change_request.code IS 'The provider''s code of a refusal or failure, or HTTP_ and the status where it gave none; null where there is neither.';
COMMENT ON COLUMN sync.change_request.settled_at IS 'When the outcome was settled; null while it is open.';
COMMENT ON COLUMN sync.change_request.settled_by IS 'What settled it: answer (the provider''s own, or that the request never arrived), call (its request status), detail (the subscriber looked up), sync (a later run saw it).';
COMMENT ON COLUMN fleet.subscriber_history.run_id IS 'The run that superseded this version (sync.run), or the command that gave a nickname (sync.change_request).';
COMMENT ON SCHEMA sync IS 'The program''s own: the ledger of runs, walks and rejects, what was asked for one by one, and the journal of write-backs.';

-- +goose Down
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM sync.change_request) THEN
        RAISE EXCEPTION 'sync.change_request is not empty: migrating down would lose the journal of what was changed at the providers'
            USING HINT = 'To lose it on purpose: DELETE FROM sync.change_request;';
    END IF;
END
$$;
-- +goose StatementEnd
DROP TABLE sync.change_request;
COMMENT ON COLUMN fleet.subscriber_history.run_id IS 'The run that superseded this version (sync.run).';
COMMENT ON SCHEMA sync IS 'The program''s own: the ledger of runs, walks and rejects.';
