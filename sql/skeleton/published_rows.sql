-- The rows of the day: what the lists need of them, and the output columns that are no list. By user in the total order:
-- the order of the output. Keys are those of apply_content_filter: what a cast makes of one is no part of it.
SELECT {{kernel_columns}} {{output_columns}}
FROM apply_content_filter
WHERE __dropped_by IS NULL
ORDER BY {{order}}
