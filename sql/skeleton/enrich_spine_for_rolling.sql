-- Step 4, _enrich_spine_for_rolling: the columns of an artwork that rolling aggregations list.
SELECT spine.* {{static_columns}}
FROM {{events}} spine
{{static_joins}}
