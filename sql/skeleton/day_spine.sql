-- The target day's own events, with all their columns.
SELECT *
FROM {{spine}}
WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
