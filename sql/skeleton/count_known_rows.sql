-- The target day's rows, after the coverage filter, whose user or artwork a view knows.
SELECT 'rows' AS reason, count(*) AS rows
FROM filter_to_target_day
JOIN {{features}} USING ({{number}})
