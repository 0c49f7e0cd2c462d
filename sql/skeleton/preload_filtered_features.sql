-- Step 3, _preload_filtered_features: a feature view filtered to the ids of the spine, one row per entity: the greatest
-- timestamp_field (NULL is oldest), then the greatest row over the other columns in catalog order.
SELECT {{entity}} {{features}}
FROM {{view}}
WHERE {{entity}} IN (SELECT {{entity}} FROM {{spine_ids}})
QUALIFY row_number() OVER (PARTITION BY {{entity}} ORDER BY {{latest_first}}) = 1
