-- The artworks of the synthetic world, the most seen first. A third of them is young: made within the 30 days before
-- the feed, or during it. `elder_id` is an older artwork of the same taste, seen until this one is made.
WITH drawn AS (
    SELECT
        rank,
        rank % getvariable('tastes') AS taste,
        (rank // getvariable('tastes')) % 3 = 1 AS is_young,
        floor(getvariable('users') * pow(chance(rank, 'author'), 2))::BIGINT AS author
    FROM range(getvariable('artworks')) AS r(rank)
),

-- Authors keep to their taste: their rank and their artworks' agree modulo `tastes`.
authored AS (
    SELECT
        * REPLACE ((author - author % getvariable('tastes') + taste) % getvariable('users') AS author),
        CASE WHEN is_young THEN rank - getvariable('tastes') ELSE rank END AS elder
    FROM drawn
)

SELECT
    rank,
    taste,
    printf('a%07d', (rank * getvariable('artwork_step') + 7) % getvariable('artworks')) AS artwork_id,
    printf('a%07d', (elder * getvariable('artwork_step') + 7) % getvariable('artworks')) AS elder_id,
    printf('u%06d', (author * getvariable('user_step') + 7) % getvariable('users')) AS author_id,
    chance(rank, 'animated') < 0.06 AS is_animated,
    CASE
        WHEN is_young THEN getvariable('first_day') - INTERVAL 30 DAY
            + to_seconds(floor(86400 * (30 + getvariable('days')) * chance(rank, 'made')))
        ELSE getvariable('first_day') - INTERVAL 30 DAY - to_seconds(floor(86400 * 900 * pow(chance(rank, 'made'), 2)))
    END AS created_at,
    floor(6000 * chance(rank, 'likes') / (1 + rank / 40))::BIGINT AS like_count
FROM authored
