-- The embedding pool: a vector near that of the artwork's taste. One artwork in twenty is missing, one in a hundred has
-- no vector.
SELECT
    artwork_id,
    CASE WHEN chance(rank, 'no vector') >= 0.01 THEN
        [(chance(taste * 4096 + i, 'centre') - 0.5 + 0.5 * (chance(rank * 4096 + i, 'component') - 0.5))::FLOAT
         FOR i IN range(getvariable('embedding_dim'))]
    END AS embedding
FROM artworks
WHERE chance(rank, 'not in pool') >= 0.05
ORDER BY artwork_id
