-- What aggregate_pit_table reads: the events that some aggregation counts, by user in the total order.
SELECT user_id AS __key, event_timestamp AS __t, event AS __event {{values}}
FROM enrich_spine_for_rolling
WHERE list_contains(getvariable('aggregated_events'), event)
ORDER BY user_id, {{total_order}}
