-- The artworks of the events that the sweep reads, numbered in their order, and whether the pool has a vector of each.
SELECT {{item}}, row_number() OVER (ORDER BY {{item}}) - 1 AS __item, {{covered}} AS __covered
FROM (
  SELECT DISTINCT {{item}}
  FROM raw_feed
  WHERE {{time}} < getvariable('targets_end')
    AND ({{time}} >= getvariable('spine_start') OR list_contains(getvariable('cumulative_events'), {{event}}))
    AND {{item}} IS NOT NULL
)
