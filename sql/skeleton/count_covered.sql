-- The target day's rows before and after the coverage filter, and those before it that are subject to it. No step in
-- between drops any.
WITH before AS MATERIALIZED (
  SELECT
    count(*) AS rows_in,
    count(*) FILTER (getvariable('covers_all_events') OR list_contains(getvariable('covered_events'), {{event}})) AS subject
  FROM time_window_entity_spine
)
SELECT 'rows_in' AS reason, rows_in AS rows
FROM before
UNION ALL
SELECT 'subject', subject
FROM before
UNION ALL
SELECT 'rows_out', count(*)
FROM filter_to_target_day
