-- Step 1, _build_time_window_entity_spine: every valid event of the spine interval, of the users who have one on the
-- target day; nobody else can affect it. Duplicates stay.
SELECT *, event_tie(CAST(artwork_id AS VARCHAR), event) AS __tie
FROM encoded_feed
WHERE event_timestamp >= getvariable('spine_start') AND event_timestamp < getvariable('day_end')
  AND artwork_id IS NOT NULL AND event IS NOT NULL
  AND user_id IN (
    SELECT user_id
    FROM raw_feed
    WHERE event_timestamp >= getvariable('day_start') AND event_timestamp < getvariable('day_end')
      AND user_id IS NOT NULL AND artwork_id IS NOT NULL AND event IS NOT NULL
  )
