-- Step 4, _enrich_spine_for_rolling: the columns of an artwork that rolling aggregations list.
SELECT spine.* {{static_columns}}
FROM entity_spine spine
{{static_joins}}
