-- The artworks of the events that the sweep reads, numbered in their order, and whether the pool has a vector of each.
SELECT artwork_id, row_number() OVER (ORDER BY artwork_id) - 1 AS __item, {{covered}} AS __covered
FROM (
  SELECT DISTINCT artwork_id
  FROM raw_feed
  WHERE event_timestamp < getvariable('targets_end')
    AND (event_timestamp >= getvariable('spine_start') OR list_contains(getvariable('cumulative_events'), event))
    AND artwork_id IS NOT NULL
)
