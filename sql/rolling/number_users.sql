-- The users of the rows, numbered in their order.
SELECT user_id, row_number() OVER (ORDER BY user_id) - 1 AS __key
FROM (SELECT DISTINCT user_id FROM rows WHERE user_id IS NOT NULL)
