-- What aggregate_pit_table reads: the events that some aggregation counts, by user, newest first.
SELECT __user AS __key, event_timestamp AS __t, event AS __event {{values}}
FROM enrich_spine_for_rolling
WHERE list_contains(getvariable('aggregated_events'), event)
ORDER BY __user, {{newest_first}}
