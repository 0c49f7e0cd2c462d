-- The published rows that show a version of a view which is not older than they are. The day's beginning skips what no
-- row can find newer.
SELECT 'rows' AS reason, count(*) AS rows
FROM published_rows
JOIN {{features}} USING ({{number}})
WHERE __version >= __t AND __version >= getvariable('day_start')
