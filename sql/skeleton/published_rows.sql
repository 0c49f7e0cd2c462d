-- The rows of the day: what the lists need of them, and the output columns that are no list. By user in the total order:
-- the order of the output. Each key is of `filtered`: what a cast makes of a column is no part of the order.
SELECT {{kernel_columns}} {{output_columns}}
FROM apply_content_filter filtered
WHERE __dropped_by IS NULL
ORDER BY {{order}}
