-- What aggregate_pit_table reads: the histories by user, newest first, with numbers for users, events and artworks, which
-- sort as these do.
SELECT
  __user AS __key,
  event_timestamp AS __t,
  CAST(list_position(getvariable('aggregated_events'), event) - 1 AS INTEGER) AS __event,
  __item
  {{values}}
FROM {{events}}
JOIN spine_artworks USING (artwork_id)
ORDER BY __user, {{newest_first}}
