-- The target day's rows before and after the coverage filter.
SELECT 'rows_in' AS reason, count(*) AS rows
FROM time_window_entity_spine
WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
UNION ALL
SELECT 'rows_out', count(*)
FROM day_spine
