-- Step 7, _filter_to_target_day: the day's own rows; older events were history only. What lists and the order of rows
-- need of a row is set aside here, before curation can change it.
SELECT * {{set_aside}}
FROM enrich_spine_for_rolling
