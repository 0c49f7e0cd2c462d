-- The users who have a valid event on a day of the sweep, numbered in their order: nobody else can affect these days, and
-- numbers sort and join faster than ids.
SELECT user_id, row_number() OVER (ORDER BY user_id) - 1 AS __user
FROM (
  SELECT DISTINCT user_id
  FROM raw_feed
  WHERE event_timestamp >= getvariable('targets_start') AND event_timestamp < getvariable('targets_end')
    AND user_id IS NOT NULL AND artwork_id IS NOT NULL AND event IS NOT NULL
)
