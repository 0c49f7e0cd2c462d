-- How many of the day's ids a source knows, and how many of the day's rows have such an id.
WITH day_id AS (
  SELECT {{key}} AS id, count(*) AS rows FROM day_rows GROUP BY ALL
),
known AS (
  SELECT DISTINCT {{entity}} AS id FROM ({{source}}) WHERE {{counts}}
)
SELECT
  count(*) AS ids,
  count(known.id) AS ids_found,
  coalesce(sum(rows), 0) AS rows,
  coalesce(sum(rows) FILTER (WHERE known.id IS NOT NULL), 0) AS rows_found
FROM day_id
LEFT JOIN known ON day_id.id = known.id
