-- $1 run. The place in a list is folded away: imsiMsisdnPairs[1].imsi counts as
-- imsiMsisdnPairs[].imsi.
SELECT source, is_whole, field, reason, count(*) AS count
FROM (
    SELECT source, is_whole, regexp_replace(nullif(field, ''), '\[[0-9]+\]', '[]', 'g') AS field, reason
    FROM sync.reject
    WHERE run_id = $1
) folded
GROUP BY source, is_whole, field, reason
ORDER BY source, is_whole DESC, count DESC, field COLLATE "C" NULLS FIRST, reason COLLATE "C"
