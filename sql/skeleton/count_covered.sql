-- The target day's rows before and after the coverage filter. No step in between drops any.
SELECT 'rows_in' AS reason, count(*) AS rows
FROM time_window_entity_spine
UNION ALL
SELECT 'rows_out', count(*)
FROM filter_to_target_day
