-- The artworks that have a vector in the pool.
SELECT DISTINCT "key" AS artwork_id
FROM embedding_pool
WHERE vector IS NOT NULL AND "key" IS NOT NULL
