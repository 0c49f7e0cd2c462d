-- The users who have a valid event on a day of the sweep, numbered in their order: nobody else can affect these days, and
-- numbers sort and join faster than ids.
SELECT {{user}}, row_number() OVER (ORDER BY {{user}}) - 1 AS __user
FROM (
  SELECT DISTINCT {{user}}
  FROM raw_feed
  WHERE {{time}} >= getvariable('targets_start') AND {{time}} < getvariable('targets_end')
    AND {{user}} IS NOT NULL AND {{item}} IS NOT NULL AND {{event}} IS NOT NULL
)
