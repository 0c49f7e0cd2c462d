-- Rows of the feed that belong to no day, by the beginning of the partition that they stand in: without a time, or
-- before or after it.
SELECT concat(partition_begin, ' ', place) AS reason, count(*) AS rows
FROM unplaced_rows
GROUP BY ALL
