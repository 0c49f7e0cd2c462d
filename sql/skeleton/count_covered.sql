-- The target day's rows before and after the coverage filter.
SELECT 'rows_in' AS reason, count(*) AS rows
FROM time_window_entity_spine
WHERE event_timestamp >= getvariable('day_start')
UNION ALL
SELECT 'rows_out', count(*)
FROM entity_spine
WHERE event_timestamp >= getvariable('day_start')
