-- The rows of the day in the order of the output: what the lists need of them, and the output columns that are no list.
SELECT {{kernel_columns}} {{output_columns}}
FROM apply_content_filter
WHERE __dropped_by IS NULL
ORDER BY __row
