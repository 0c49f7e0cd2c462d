-- Step 3, _preload_filtered_features: a feature view filtered to the ids of the spine, one row per entity, by its number:
-- the greatest timestamp_field (NULL is oldest), then the greatest row over the other columns in catalog order. Where the
-- rows that it is newer than are counted, with its time.
SELECT {{number}} {{features}} {{version}}
FROM {{view}}
JOIN {{spine_ids}} USING ({{entity}})
QUALIFY row_number() OVER (PARTITION BY {{number}} ORDER BY {{latest_first}}) = 1
