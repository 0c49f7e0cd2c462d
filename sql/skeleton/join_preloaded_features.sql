-- Step 10, _join_preloaded_features: plain LEFT JOINs; each view has one row per entity, so rows can't multiply.
SELECT target.* {{features}}
FROM target_rows target
{{joins}}
