-- What aggregate_pit_table reads: the histories by user, newest first, with numbers for users, events and artworks, which
-- sort as these do, and no more columns than lists and their order need.
SELECT
  __user AS __key,
  {{time}} AS __t,
  CAST(list_position(getvariable('aggregated_events'), {{event}}) - 1 AS INTEGER) AS __event,
  __item
  {{values}}
FROM {{events}}
WHERE list_contains(getvariable('aggregated_events'), {{event}})
ORDER BY __user, {{newest_first}}
