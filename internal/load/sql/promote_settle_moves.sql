-- $1 source, $2 the time of the promote. An open move whose subscriber is at its target
-- is done. Where the step names no subscriber (none was known, or several were), one
-- that the identifier fits must have come there since the step was asked for. A step
-- that is being recorded at this moment is left to the next promote: none waits here.
-- Each subscriber is looked up by its key, alone: a join would begin with all that the
-- target customer has.
UPDATE sync.change_request
SET outcome = 'done', settled_at = $2, settled_by = 'sync', code = NULL
WHERE change_id IN (
    SELECT c.change_id
    FROM sync.change_request c
    WHERE c.kind = 'move'
      AND c.source = $1
      AND c.outcome IN ('journalled', 'accepted', 'unknown')
      AND EXISTS (
        SELECT
        FROM (
            SELECT c.subscriber_key
            UNION ALL
            SELECT f.subscriber_key FROM fleet.subscriber f WHERE c.subject_type = 'ICCID' AND f.iccid = c.subject_value
            UNION ALL
            SELECT f.subscriber_key FROM fleet.subscriber f
            WHERE c.subject_type = 'IMEI' AND f.imei >= left(c.subject_value, 14) AND f.imei <= left(c.subject_value, 14) || '9'
            UNION ALL
            SELECT i.subscriber_key FROM fleet.subscriber_imsi i WHERE c.subject_type = 'IMSI' AND i.imsi = c.subject_value
            UNION ALL
            SELECT i.subscriber_key FROM fleet.subscriber_imsi i WHERE c.subject_type = 'MSISDN' AND i.msisdn = c.subject_value
        ) fit
        WHERE (
            SELECT s.source = $1 AND s.customer_id = c.target_customer_id AND s.removed_at IS NULL
                AND (s.subscriber_key = c.subscriber_key OR s.changed_at > c.asked_at)
            FROM fleet.subscriber s
            WHERE s.subscriber_key = fit.subscriber_key
        )
      )
    FOR UPDATE OF c SKIP LOCKED
)
