-- The view artwork_vector: how safe the picture and its text are thought to be, mostly safe.
SELECT
    artwork_id,
    updated_at,
    CASE WHEN chance(version_key, 'media unseen') >= 0.02 THEN 1 - pow(chance(version_key, 'media'), 3) END
        AS media_safety_score,
    CASE WHEN chance(version_key, 'text unseen') >= 0.05 THEN 1 - pow(chance(version_key, 'text'), 4) END
        AS text_safety_score
FROM artwork_versions
ORDER BY updated_at NULLS FIRST, artwork_id
