-- The events that aggregations count: the users' histories, with no more columns than lists and their order need.
SELECT {{columns}}
FROM {{spine}}
WHERE list_contains(getvariable('aggregated_events'), event)
