-- Step 1, _build_time_window_entity_spine: every valid event of the spine interval, of the target users. Duplicates stay.
SELECT feed.*, __user, __item, __covered, event_tie(CAST(artwork_id AS VARCHAR), event) AS __tie
FROM raw_feed feed
JOIN target_users USING (user_id)
JOIN spine_artworks USING (artwork_id)
WHERE event_timestamp >= getvariable('spine_start') AND event_timestamp < getvariable('targets_end')
  AND event IS NOT NULL
