-- The rows by user and time, with their place in the caller's table. A row without a user comes last, under a key that no
-- event has.
SELECT
  coalesce(__key, (SELECT count(*) FROM users)) AS __key,
  event_timestamp AS __t,
  __place
  {{own_values}}
FROM rows
LEFT JOIN users USING (user_id)
ORDER BY __key, __t, __place
