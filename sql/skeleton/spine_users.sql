-- The users of the day's rows.
SELECT DISTINCT user_id FROM day_spine
