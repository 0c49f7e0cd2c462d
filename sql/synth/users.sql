-- The people of the synthetic world, the most active first: `rank` decides activity, the id betrays nothing of it.
-- chance(key, what) is a number in [0, 1) that depends on the key, the seed and what it is drawn for.
SELECT
    rank,
    printf('u%06d', (rank * getvariable('user_step') + 7) % getvariable('users')) AS user_id,
    [floor(chance(rank, 'taste') * getvariable('tastes'))::BIGINT,
     floor(chance(rank, 'other taste') * getvariable('tastes'))::BIGINT] AS tastes,
    least(getvariable('max_sessions_a_day'), getvariable('session_scale') * pow(rank + 1, -0.9)) AS sessions_a_day,
    0.85 + 0.5 * (chance(rank, 'early bird') + chance(rank, 'night owl') - 1) AS usual_time,
    getvariable('first_day') - to_hours((24 * (1 + 1000 * pow(chance(rank, 'joined'), 2)))::BIGINT) AS created_at,
    [{iso2: 'US', iso3: 'USA', digits: '840'}, {iso2: 'JP', iso3: 'JPN', digits: '392'},
     {iso2: 'DE', iso3: 'DEU', digits: '276'}, {iso2: 'BR', iso3: 'BRA', digits: '076'},
     {iso2: 'GB', iso3: 'GBR', digits: '826'}, {iso2: 'IN', iso3: 'IND', digits: '356'},
     {iso2: 'FR', iso3: 'FRA', digits: '250'}, {iso2: 'KR', iso3: 'KOR', digits: '410'},
     {iso2: 'ID', iso3: 'IDN', digits: '360'}, {iso2: 'TW', iso3: 'TWN', digits: '158'},
     {iso2: 'CA', iso3: 'CAN', digits: '124'}, {iso2: 'AF', iso3: 'AFG', digits: '004'}
    ][1 + floor(12 * pow(chance(rank, 'country'), 1.6))::BIGINT] AS country,
    ['ios', 'ios', 'ios', 'android', 'android', 'web'][1 + floor(6 * chance(rank, 'platform'))::BIGINT] AS platform,
    ['organic', 'organic', 'google_ads', 'referral', 'campaign_2026', NULL]
        [1 + floor(6 * chance(rank, 'source'))::BIGINT] AS member_source
FROM range(getvariable('users')) AS r(rank)
