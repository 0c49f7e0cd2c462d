-- The events that some aggregation takes, of users who have rows; each user's newest first in the total order.
SELECT
  __key,
  event_timestamp AS __t,
  CAST(list_position({{event_names}}, event) - 1 AS INTEGER) AS __event
  {{values}}
FROM events
JOIN users USING (user_id)
WHERE event IN (SELECT unnest({{event_names}}))
ORDER BY
  __key,
  event_timestamp DESC,
  event_tie(CAST(artwork_id AS VARCHAR), event) DESC,
  artwork_id DESC,
  event DESC
  {{other_columns}}
