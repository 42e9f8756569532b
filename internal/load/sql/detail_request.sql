-- $1 run.
INSERT INTO sync.detail_request (subscriber_key, run_id, asked_at, outcome)
SELECT subscriber_key, $1, asked_at, outcome
FROM stage_detail_answer
ON CONFLICT (subscriber_key) DO UPDATE
SET run_id = excluded.run_id,
    asked_at = excluded.asked_at,
    outcome = excluded.outcome
