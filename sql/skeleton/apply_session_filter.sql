-- Step 8, _apply_session_filter: names the reason why a row is dropped. Rows without a session are kept.
SELECT *,
  CASE
    WHEN {{session}} IS NULL THEN NULL
    WHEN getvariable('drop_view_only')
      AND bool_and(list_contains(getvariable('view_events'), event)) OVER (PARTITION BY {{session}}) THEN 'view_only'
    WHEN getvariable('drop_single_like')
      AND count(*) OVER (PARTITION BY {{session}}) = 1
      AND list_contains(getvariable('like_events'), event) THEN 'single_like'
  END AS __dropped_by
FROM filter_to_target_day
