-- What is wrong with the map of sessions to qids: how often each, and the greatest qid. Reads all of both columns.
SELECT
    count(*) - count(feed_session) AS null_sessions,
    count(*) - count(qid) AS null_qids,
    count(feed_session) - count(DISTINCT feed_session) AS repeated_sessions,
    count(qid) - count(DISTINCT qid) AS repeated_qids,
    count(*) FILTER (WHERE qid < 1) AS qids_below_1,
    coalesce(max(qid), 0) AS last_qid,
    count(*) AS sessions
FROM known
