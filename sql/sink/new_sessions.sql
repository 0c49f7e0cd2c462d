-- The sessions without a qid, numbered on from `last_qid` in the order of their least ordinal.
-- What ties there is ordered by the session itself, so that the numbers don't depend on the order of rows.
WITH found AS (
    SELECT feed_session, min(ordinal) AS ordinal
    FROM sessions
    WHERE feed_session IS NOT NULL
    GROUP BY feed_session
)

SELECT
    feed_session,
    getvariable('last_qid') + row_number() OVER (ORDER BY ordinal ASC NULLS FIRST, feed_session ASC) AS qid
FROM found
ANTI JOIN known USING (feed_session)
