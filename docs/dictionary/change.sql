-- What changed in a night. A subscriber that is gone has a removed_at.
SELECT source, iccid, field, old, new
FROM fleet.change
WHERE changed_at >= '2026-11-03' AND changed_at < '2026-11-04'
ORDER BY source, iccid, field;
