-- Step 2, _apply_embedding_coverage_filter: drops the covered events whose artwork has no vector in the pool. Other
-- events stay: a like of an artwork without an embedding is still history.
SELECT * EXCLUDE (__covered)
FROM {{spine}}
WHERE __covered OR NOT (getvariable('covers_all_events') OR list_contains(getvariable('covered_events'), {{event}}))
