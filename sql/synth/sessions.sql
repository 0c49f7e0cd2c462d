-- The sessions that have events on `day`: those begun on it, and those begun in the last half hour before it.
-- A user begins at most `max_sessions_a_day` of at most 30 events each, around the same hours every day.
WITH turns AS (
    SELECT
        users.*,
        begun.day,
        date_diff('day', DATE '1970-01-01', begun.day) * getvariable('users') + rank AS user_day,
        unnest(range(floor(sessions_a_day + chance(user_day, 'sessions'))::BIGINT)) AS turn
    FROM users, (VALUES (getvariable('day') - 1), (getvariable('day'))) AS begun(day)
),

begun AS (
    SELECT
        * EXCLUDE (turn, user_day),
        user_day * 16 + turn AS session,
        (1 + usual_time + 0.35 * (chance(session, 'earlier') + chance(session, 'later') - 1)) % 1 AS time_of_day,
        epoch_us(day) + floor(86400e6 * time_of_day)::BIGINT AS starts_us
    FROM turns
)

SELECT
    *,
    1 + least(29, floor(-10 * ln(1 - chance(session, 'length'))))::BIGINT AS length,
    2e6 + 38e6 * pow(chance(session, 'pause'), 2) AS pause_us,
    CASE WHEN chance(session, 'untracked') >= 0.02 THEN 's-' || lower(hex(hash(session, getvariable('seed')))) END
        AS feed_session
FROM begun
WHERE starts_us >= epoch_us(getvariable('day')) - 1800e6
