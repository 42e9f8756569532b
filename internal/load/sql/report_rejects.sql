-- The rejects of each source's last load of the whole source, told as in ledger_rejects.
SELECT source, is_whole, field, reason, count(*) AS count
FROM (
    SELECT j.source, j.is_whole, regexp_replace(nullif(j.field, ''), '\[[0-9]+\]', '[]', 'g') AS field, j.reason
    FROM (
        SELECT DISTINCT ON (source) run_id, source
        FROM sync.run
        WHERE records IS NOT NULL AND connected_since IS NULL AND connected_until IS NULL
        ORDER BY source, as_of DESC, run_id DESC
    ) last
    JOIN sync.reject j ON j.run_id = last.run_id AND j.source = last.source
) folded
GROUP BY source, is_whole, field, reason
ORDER BY source, is_whole DESC, count DESC, field COLLATE "C" NULLS FIRST, reason COLLATE "C"
