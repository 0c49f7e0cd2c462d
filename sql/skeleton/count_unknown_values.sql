-- The values of an encoded column that its encoding does not know, on the target day's own valid rows.
SELECT CAST(raw.{{column}} AS VARCHAR) AS reason, count(*) AS rows
FROM raw_feed raw
{{code_join}}
WHERE raw.event_timestamp >= getvariable('day_start') AND raw.event_timestamp < getvariable('day_end')
  AND raw.user_id IS NOT NULL AND raw.artwork_id IS NOT NULL AND raw.event IS NOT NULL
  AND raw.{{column}} IS NOT NULL AND {{number}} IS NULL
GROUP BY ALL
ORDER BY ALL
