-- The qids of `sessions`: those that were known, and those `numbered` just now.
SELECT known.feed_session, known.qid
FROM known
SEMI JOIN sessions USING (feed_session)
UNION ALL
SELECT feed_session, qid
FROM numbered
