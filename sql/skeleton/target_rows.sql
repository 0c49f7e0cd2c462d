-- The rows that the session filter leaves.
SELECT *
FROM {{rows}}
{{order}}
