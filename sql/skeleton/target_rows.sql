-- The rows that the session filter leaves. What lists and the order of rows need of a row is set aside here, before
-- curation can change it.
SELECT * {{set_aside}}
FROM {{rows}}
{{order}}
