-- Step 1, _build_time_window_entity_spine: every valid event of the spine interval, of the target day's users. Duplicates
-- stay.
SELECT feed.*, target_users.__user, event_tie(CAST(artwork_id AS VARCHAR), event) AS __tie
FROM raw_feed feed
JOIN target_users USING (user_id)
WHERE event_timestamp >= getvariable('spine_start') AND event_timestamp < getvariable('day_end')
  AND artwork_id IS NOT NULL AND event IS NOT NULL
