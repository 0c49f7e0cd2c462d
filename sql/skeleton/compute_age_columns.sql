-- Step 10, _compute_age_columns: whole units from `since` to the row's time, rounded down, never below 0.
SELECT * {{ages}}
FROM join_preloaded_features
