-- $1 hexadecimal digits, $2 how many runs to return at most. The runs whose id
-- begins or ends with the digits.
SELECT DISTINCT run_id
FROM sync.run
WHERE replace(run_id::text, '-', '') LIKE ANY (ARRAY[$1::text || '%', '%' || $1::text])
ORDER BY run_id DESC
LIMIT $2
