-- The target day's rows before and after the coverage filter.
SELECT 'rows_in' AS reason, count(*) AS rows
FROM time_window_entity_spine
UNION ALL
SELECT 'rows_out', count(*)
FROM embedding_coverage_filter
