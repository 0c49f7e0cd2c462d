-- The users who have a valid event on the target day, numbered in their order: nobody else can affect it, and numbers
-- sort and join faster than ids.
SELECT user_id, row_number() OVER (ORDER BY user_id) AS __user
FROM (
  SELECT DISTINCT user_id
  FROM raw_feed
  WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
    AND user_id IS NOT NULL AND artwork_id IS NOT NULL AND event IS NOT NULL
)
