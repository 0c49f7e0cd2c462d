-- Step 10, _curate_animated_model_type: one curation rule. Reads what the rule before it made.
SELECT * REPLACE ({{assignments}})
FROM {{before}}
