-- Step 7, _filter_to_target_day: the day's own rows; older events were history only. Without ids that no step reads: their
-- numbers are there.
SELECT * {{except_unread}}
FROM enrich_spine_for_rolling
