-- $1 source. A record that was refused may be one of those that seem gone: where it
-- shares any readable part of its identity, absence is doubtful.
DELETE FROM stage_gone g
USING fleet.subscriber f, stage_reject r
WHERE f.subscriber_key = g.subscriber_key
  AND f.source = $1
  AND r.is_whole
  AND (f.subscriber_id = r.subscriber_id OR f.iccid = r.iccid)
