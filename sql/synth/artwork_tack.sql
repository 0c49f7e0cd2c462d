-- The view artwork_tack: 0 to 6 tags an artwork, most of them of its taste; some artworks have NULL instead of a list.
SELECT
    artwork_id,
    updated_at,
    CASE WHEN chance(version_key, 'untagged') >= 0.03 THEN
        list_sort(list_distinct([
            CASE
                WHEN chance(version_key * 8 + i, 'by taste') < 0.7
                    THEN printf('t%02d-%d', taste, floor(12 * pow(chance(version_key * 8 + i, 'tag'), 2))::BIGINT)
                ELSE printf('t%02d-%d', floor(getvariable('tastes') * chance(version_key * 8 + i, 'other'))::BIGINT, 0)
            END
            FOR i IN range(floor(7 * chance(version_key, 'tags'))::BIGINT)]))
    END AS tack_ids
FROM artwork_versions
ORDER BY updated_at NULLS FIRST, artwork_id
