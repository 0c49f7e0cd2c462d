-- Step 7, _filter_to_target_day: the day's own rows; older events were history only. What the lists need of a row is set
-- aside here, before curation can change it.
SELECT * {{kernel_columns}}
FROM enrich_spine_for_rolling
