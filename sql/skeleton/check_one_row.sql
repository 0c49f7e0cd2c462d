-- A view without timestamp_field has one row per entity: fails where one has several, whether or not the spine has it.
SELECT CAST(error({{what}} || min(CAST({{entity}} AS VARCHAR)) || {{why}}) AS BOOLEAN) AS several
FROM (
  SELECT {{entity}}
  FROM {{view}}
  WHERE {{entity}} IS NOT NULL
  GROUP BY {{entity}}
  HAVING count(*) > 1
)
HAVING count(*) > 0
