-- quality.scorecard: scores now, one row a subject and measure. Runs in the published file alone.
-- A dataset is the sum of its deliverers' parts; what asks nothing is left out.
WITH latest AS (
    SELECT *
    FROM quality.scores
    QUALIFY row_number() OVER (PARTITION BY level, subject, agency, dimension ORDER BY no DESC) = 1
),
dimensions AS (
    SELECT
        level,
        subject,
        dimension,
        sum(passed)::BIGINT AS passed,
        sum(asked)::BIGINT AS asked,
        sum(passed)::BIGINT / sum(asked)::BIGINT AS score,
        max("at") AS "at"
    FROM latest
    WHERE asked > 0
    GROUP BY level, subject, dimension
)
SELECT level, subject, 'dimension' AS kind, dimension AS measure, passed, asked, score, "at"
FROM dimensions
UNION ALL BY NAME
SELECT level, subject, 'word' AS kind, word AS measure, avg(score) AS score, max("at") AS "at"
FROM dimensions
JOIN quality.score_words USING (dimension)
GROUP BY level, subject, word
