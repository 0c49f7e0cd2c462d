-- Step 9, _compute_user_recent_published_artworks: the items of a windowed join for the day's own rows, by key, newest first
-- by (time, value).
SELECT *
FROM {{windowed_view}}
WHERE __key IN (SELECT {{row_key}} FROM target_rows)
ORDER BY __key, __t DESC, "value" DESC
