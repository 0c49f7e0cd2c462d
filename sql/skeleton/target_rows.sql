-- The rows that the session filter leaves, by user in the total order: the order of the output.
SELECT *
FROM {{rows}}
ORDER BY __user, {{total_order}}
