-- The target day's own rows, as the feed has them: how many are valid, how many are not.
SELECT
  CASE WHEN {{user}} IS NULL OR {{item}} IS NULL OR {{event}} IS NULL THEN 'invalid' ELSE 'valid' END AS reason,
  count(*) AS rows
FROM raw_feed
WHERE {{time}} >= getvariable('day_start') AND {{time}} < getvariable('day_end')
GROUP BY ALL
