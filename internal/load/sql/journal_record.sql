-- Of equal length: $1 changes, $2 when each was answered, $3 requestIds, $4 outcomes,
-- $5 codes, $6 when each was settled, $7 by what. A step that was settled meanwhile
-- (a sync saw the move) stays so, and only gains what the answer told.
UPDATE sync.change_request c
SET sent_at = coalesce(n.sent_at, c.sent_at),
    request_id = coalesce(n.request_id, c.request_id),
    outcome = CASE WHEN c.settled_at IS NULL THEN n.outcome ELSE c.outcome END,
    code = CASE WHEN c.settled_at IS NULL THEN n.code ELSE c.code END,
    settled_by = CASE WHEN c.settled_at IS NULL THEN n.settled_by ELSE c.settled_by END,
    settled_at = CASE WHEN c.settled_at IS NULL THEN n.settled_at ELSE c.settled_at END
FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::text[])
    AS n (change_id, sent_at, request_id, outcome, code, settled_at, settled_by)
WHERE c.change_id = n.change_id
