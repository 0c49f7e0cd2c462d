-- Step 5, _inject_dislike_history: the spine, and before it the events that cumulative aggregations count, of the
-- spine's users. It comes before step 2, which covers these older events alike.
SELECT * FROM time_window_entity_spine
UNION ALL
SELECT feed.*, target_users.__user, event_tie(CAST(artwork_id AS VARCHAR), event) AS __tie
FROM raw_feed feed
JOIN target_users USING (user_id)
WHERE event_timestamp < getvariable('spine_start')
  AND artwork_id IS NOT NULL
  AND list_contains(getvariable('cumulative_events'), event)
