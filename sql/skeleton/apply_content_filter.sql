-- Step 10, _apply_content_filter: names the first rule that a row matches. Reads FROM curated rows: the other way round,
-- animated artworks, which upstream tags SD_V1_MODEL, would vanish.
SELECT *, CASE {{rules}} ELSE NULL END AS __dropped_by
FROM {{curated}}
