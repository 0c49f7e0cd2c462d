-- One aggregation of aggregate_pit_table over a batch of rows: each key's elements become one array in the total order,
-- oldest first, and each window of a row is one slice of it, between two counts of elements.
WITH matching AS (
  SELECT __key, __t, __seq, {{value}} AS value
  FROM batch_events
  WHERE list_contains({{events}}, __event)
),
element AS (
  SELECT *, row_number() OVER (PARTITION BY __key ORDER BY __seq DESC, ordinal DESC) AS position
  FROM ({{elements}})
  WHERE value IS NOT NULL
),
history AS (
  SELECT
    __key,
    list(value ORDER BY position) AS value_list,
    list(next_equal ORDER BY position) AS next_list
  FROM (SELECT *, {{next_equal}} AS next_equal FROM element)
  GROUP BY __key
),
instant AS (
  SELECT __key, __t, max(position) AS upto FROM element GROUP BY __key, __t
),
edge AS (
  SELECT batch.*, coalesce(newest.upto, 0) AS newest {{oldest_edges}}
  FROM batch
  ASOF LEFT JOIN instant AS newest ON batch.__key = newest.__key AND batch.__t > newest.__t
  {{oldest_joins}}
)
SELECT {{columns}}
FROM edge
LEFT JOIN history ON edge.__key = history.__key
ORDER BY __row_id
