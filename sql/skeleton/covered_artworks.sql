-- The artworks that have a vector in the pool.
SELECT DISTINCT "key" AS {{item}}
FROM embedding_pool
WHERE vector IS NOT NULL AND "key" IS NOT NULL
