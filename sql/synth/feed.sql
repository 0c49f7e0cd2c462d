-- The feed of `day` as a log would hold it: by time of arrival, a little late and not quite in the order of events.
-- An action falls on the artwork shown before it; two thirds of what is shown is to one of the user's tastes.
WITH steps AS (SELECT *, unnest(range(length)) AS step FROM sessions),

moments AS (
    SELECT
        *,
        session * 32 + step AS event_key,
        chance(event_key, 'event') AS roll,
        -- Some steps share the instant of the step before.
        event_key - (step > 0 AND chance(event_key, 'tie') < 0.04)::BIGINT AS moment,
        event_key - CASE
            WHEN roll < 0.7 OR step = 0 THEN 0
            WHEN step = 1 OR chance(event_key - 1, 'event') < 0.7 THEN 1
            ELSE 2
        END AS shown,
        starts_us + floor((moment - session * 32 + chance(moment, 'moment')) * pause_us)::BIGINT AS at_us
    FROM steps
),

choices AS (
    SELECT
        *,
        make_timestamp(at_us) AS event_timestamp,
        floor(getvariable('artworks') * pow(chance(shown, 'artwork'), 2.5))::BIGINT AS choice,
        chance(shown, 'by taste') AS by_taste,
        CASE
            WHEN by_taste < 0.66 THEN
                (choice - choice % getvariable('tastes') + tastes[1 + (by_taste < 0.22)::BIGINT])
                    % getvariable('artworks')
            ELSE choice
        END AS artwork
    FROM moments
    WHERE at_us >= epoch_us(getvariable('day')) AND at_us < epoch_us(getvariable('day') + 1)
)

SELECT
    CASE WHEN chance(event_key, 'invalid') >= getvariable('invalid_share') THEN user_id END AS user_id,
    CASE WHEN created_at_artwork <= event_timestamp THEN artwork_id ELSE elder_id END AS artwork_id,
    event_timestamp,
    CASE
        WHEN roll < 0.55 THEN 'reco_artwork_view'
        WHEN roll < 0.70 THEN 'reco_artwork_view2'
        WHEN roll < 0.87 THEN 'click'
        WHEN roll < 0.96 THEN 'like'
        WHEN roll < 0.98 THEN 'dislike_click'
        WHEN roll < 0.99 THEN 'share'
        ELSE 'comment'
    END AS event,
    CASE WHEN chance(event_key, 'count unknown') >= 0.03 THEN
        like_count + date_diff('day', getvariable('first_day'), getvariable('day'))
            + floor(3 * chance(event_key, 'count'))::BIGINT
    END AS current_like_count,
    CASE
        WHEN spelling < 0.900 THEN country.iso2
        WHEN spelling < 0.930 THEN country.iso3
        WHEN spelling < 0.950 THEN lower(country.iso2)
        WHEN spelling < 0.965 THEN country.digits
        WHEN spelling < 0.975 THEN 'XX'
        WHEN spelling < 0.980 THEN 'ZZ'
    END AS country_code,
    CASE
        WHEN chance(event_key, 'platform') < 0.97 THEN platform
        WHEN chance(event_key, 'platform') < 0.98 THEN 'smart_tv'
    END AS platform_code,
    ['two_tower', 'two_tower', 'item_to_item', 'followed', 'trending', 'fresh', NULL]
        [1 + floor(7 * chance(shown, 'retriever'))::BIGINT] AS retriever_id,
    member_source,
    feed_session
FROM (SELECT *, chance(event_key, 'country') AS spelling FROM choices)
    JOIN (SELECT rank AS artwork, artwork_id, elder_id, created_at AS created_at_artwork, like_count FROM artworks)
        USING (artwork)
ORDER BY at_us + floor(2e6 * chance(event_key, 'delay'))::BIGINT, event_key
