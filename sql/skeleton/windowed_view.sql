-- Step 9: what a windowed join can list of its view, reduced to its latest rows over all its entities, in the form that
-- aggregate_pit_table reads. A key that is a user or an artwork goes by its number.
SELECT {{key}} AS __key, __t, 0 AS __event, "value"
FROM (
  SELECT {{view_key}} AS __key, CAST({{item_time}} AS TIMESTAMP) AS __t, {{value}} AS "value"
  FROM (
    SELECT *
    FROM {{view}}
    WHERE {{entity}} IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY {{entity}} ORDER BY {{latest_first}}) = 1
  )
  WHERE {{value}} IS NOT NULL AND {{item_time}} IS NOT NULL AND {{key_is_whole}}
) item
{{key_numbers}}
