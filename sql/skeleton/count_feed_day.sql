-- The target day's own rows, as the feed has them: how many are valid, how many are not.
SELECT
  CASE WHEN user_id IS NULL OR artwork_id IS NULL OR event IS NULL THEN 'invalid' ELSE 'valid' END AS reason,
  count(*) AS rows
FROM raw_feed
WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
GROUP BY ALL
