-- Step 5, _inject_dislike_history: the spine, and before it the events that cumulative aggregations count, of the
-- spine's users. It comes before step 2, which covers these older events alike.
SELECT * FROM time_window_entity_spine
UNION ALL
SELECT feed.*, __user, __item, __covered, event_tie(CAST({{item}} AS VARCHAR), {{event}}) AS __tie
FROM raw_feed feed
JOIN target_users USING ({{user}})
JOIN spine_artworks USING ({{item}})
WHERE {{time}} < getvariable('spine_start')
  AND list_contains(getvariable('cumulative_events'), {{event}})
