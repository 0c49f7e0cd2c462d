-- Step 8, _apply_session_filter: names the reason why a row is dropped. Rows without a session are kept.
SELECT target.*, judged.__dropped_by
FROM filter_to_target_day target
LEFT JOIN (
  SELECT
    {{session}} AS session,
    CASE
      WHEN getvariable('drop_view_only') AND bool_and(list_contains(getvariable('view_events'), {{event}})) THEN 'view_only'
      WHEN getvariable('drop_single_like') AND count(*) = 1 AND bool_and(list_contains(getvariable('like_events'), {{event}}))
        THEN 'single_like'
    END AS __dropped_by
  FROM filter_to_target_day
  WHERE {{session}} IS NOT NULL
  GROUP BY ALL
) judged ON judged.session = target.{{session}}
