-- The view artwork_properties: who made what, when, and what it is.
SELECT
    artwork_id,
    updated_at,
    author_id,
    CASE WHEN chance(version_key, 'prompts') >= 0.02 THEN chance(version_key, 'hide prompts') < 0.2 END AS hide_prompts,
    chance(version_key, 'sensitive') < 0.12 AS is_sensitive,
    CASE
        WHEN is_animated THEN 'ANIMATED_ARTWORK'
        WHEN chance(rank, 'type') < 0.90 THEN 'IMAGE'
        WHEN chance(rank, 'type') < 0.96 THEN 'VIDEO'
        WHEN chance(rank, 'type') < 0.99 THEN 'COMIC'
    END AS artwork_type,
    created_at AS artwork_created_at
FROM artwork_versions
ORDER BY updated_at NULLS FIRST, artwork_id
