-- The target day's rows before and after the coverage filter.
SELECT reason, count(*) AS rows
FROM (
  SELECT unnest(CASE
    WHEN __covered OR NOT (getvariable('covers_all_events') OR list_contains(getvariable('covered_events'), event))
      THEN ['rows_in', 'rows_out']
    ELSE ['rows_in']
  END) AS reason
  FROM time_window_entity_spine
)
GROUP BY ALL
