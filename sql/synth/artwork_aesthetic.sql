-- The view artwork_aesthetic: a score around 5.5, of late versions and unscored artworks too.
SELECT
    artwork_id,
    updated_at,
    CASE WHEN chance(version_key, 'unscored') >= 0.04 THEN
        (3 + 2.5 * (chance(rank, 'beauty') + chance(version_key, 'judge')))::FLOAT
    END AS aes_score
FROM artwork_versions
ORDER BY updated_at NULLS FIRST, artwork_id
