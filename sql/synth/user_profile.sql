-- The view user_profile: settings and follows, 1 to 4 versions a user; one user in fifty has no profile.
WITH versions AS (
    SELECT
        *,
        unnest(range(1 + floor(4 * pow(chance(rank, 'profile versions'), 2))::BIGINT)) AS version,
        rank * 4 + version AS version_key
    FROM users
    WHERE chance(rank, 'profile missing') >= 0.02
)

SELECT
    user_id,
    CASE WHEN version > 0 OR chance(version_key, 'undated') >= 0.01 THEN
        created_at + to_microseconds(floor((epoch_us(getvariable('end')) - epoch_us(created_at)) / 4
            * (version + chance(version_key, 'updated')))::BIGINT)
    END AS updated_at,
    chance(version_key, 'blur') < 0.7 AS blur_nsfw,
    CASE WHEN chance(version_key, 'show unknown') >= 0.05 THEN chance(version_key, 'show') < 0.3 END AS show_nsfw,
    CASE WHEN chance(version_key, 'search unknown') >= 0.05 THEN floor(3 * chance(version_key, 'search'))::INTEGER END
        AS safe_search,
    CASE WHEN chance(version_key, 'follows unknown') >= 0.03 THEN
        list_sort(list_distinct([
            printf('u%06d', floor(getvariable('users') * pow(chance(version_key * 32 + i, 'follows'), 2))::BIGINT
                * getvariable('user_step') % getvariable('users'))
            FOR i IN range(floor(24 * pow(chance(version_key, 'follow count'), 2))::BIGINT)]))
    END AS followed_user_ids,
    CASE WHEN chance(rank, 'joined unknown') >= 0.01 THEN created_at END AS user_created_at
FROM versions
ORDER BY updated_at NULLS FIRST, user_id
