-- Step 7, _filter_to_target_day: the day's own rows; the spine's older ones were history only. What the lists need of a
-- row is set aside here, before curation can change it.
SELECT * {{kernel_columns}}
FROM enrich_spine_for_rolling
WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
