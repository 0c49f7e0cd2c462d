-- The artworks that the day's rows or their users' histories hold, numbered in their order.
SELECT artwork_id, row_number() OVER (ORDER BY artwork_id) - 1 AS __item
FROM (
  SELECT artwork_id FROM entity_spine
  UNION
  SELECT artwork_id FROM day_spine
)
