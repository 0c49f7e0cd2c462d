-- Step 9, _compute_user_recent_published_artworks: the items of a windowed join, by key, newest first by (time, value), in
-- the form that aggregate_pit_table reads. The view is reduced to its latest rows first, over all its entities.
SELECT {{key}} AS __key, CAST({{time}} AS TIMESTAMP) AS __t, 0 AS __event, {{value}} AS "value"
FROM (
  SELECT *
  FROM {{view}}
  WHERE {{entity}} IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY {{entity}} ORDER BY {{latest_first}}) = 1
)
WHERE {{value}} IS NOT NULL AND {{time}} IS NOT NULL AND {{key_is_whole}}
  AND {{key}} IN (SELECT {{row_key}} FROM target_rows)
ORDER BY __key, __t DESC, "value" DESC
