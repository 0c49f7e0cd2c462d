-- Step 1, _build_time_window_entity_spine: every valid event of the spine interval, of the target users. Duplicates stay.
SELECT feed.*, __user, __item, __covered, event_tie(CAST({{item}} AS VARCHAR), {{event}}) AS __tie
FROM raw_feed feed
JOIN target_users USING ({{user}})
JOIN spine_artworks USING ({{item}})
WHERE {{time}} >= getvariable('spine_start') AND {{time}} < getvariable('targets_end')
  AND {{event}} IS NOT NULL
