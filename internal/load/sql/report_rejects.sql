-- $1 since when, as in report_runs. Rejects by reason, told as in ledger_rejects: places in
-- lists are folded away once the rejects are counted, of which few kinds are left.
SELECT source, is_whole, field, reason, sum(count)::bigint AS count, max(last) AS last
FROM (
    SELECT j.source, j.is_whole, regexp_replace(nullif(j.field, ''), '\[[0-9]+\]', '[]', 'g') AS field, j.reason,
        count(*) AS count, max(coalesce(r.as_of, r.started_at)) AS last
    FROM sync.run r
    JOIN sync.reject j ON j.run_id = r.run_id AND j.source = r.source
    WHERE coalesce(r.as_of, r.started_at) >= $1
    GROUP BY j.source, j.is_whole, j.field, j.reason
) folded
GROUP BY source, is_whole, field, reason
ORDER BY source, is_whole DESC, sum(count) DESC, field COLLATE "C" NULLS FIRST, reason COLLATE "C"
