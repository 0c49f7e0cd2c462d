-- Rows by the reason for which they are dropped; kept ones have none.
SELECT coalesce(__dropped_by, 'kept') AS reason, count(*) AS rows
FROM {{judged}}
GROUP BY ALL
