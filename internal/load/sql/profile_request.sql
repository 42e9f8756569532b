-- $1 source, $2 run.
INSERT INTO sync.profile_request (source, eid, run_id, asked_at, outcome)
SELECT $1, eid, $2, asked_at, outcome
FROM stage_profile_answer
ON CONFLICT (source, eid) DO UPDATE
SET run_id = excluded.run_id,
    asked_at = excluded.asked_at,
    outcome = excluded.outcome
