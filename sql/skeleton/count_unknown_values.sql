-- The values of an encoded column that its encoding does not know, on the target day's own valid rows.
WITH raw AS (
  SELECT {{column}}, count(*) AS __rows
  FROM raw_feed
  WHERE {{time}} >= getvariable('day_start') AND {{time}} < getvariable('day_end')
    AND {{user}} IS NOT NULL AND {{item}} IS NOT NULL AND {{event}} IS NOT NULL
    AND {{column}} IS NOT NULL
  GROUP BY ALL
)
SELECT CAST(raw.{{column}} AS VARCHAR) AS reason, sum(raw.__rows) AS rows
FROM raw
{{code_join}}
WHERE {{number}} IS NULL
GROUP BY ALL
ORDER BY ALL
