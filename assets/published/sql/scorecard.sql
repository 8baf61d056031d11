-- quality.scorecard: scores now, one row a subject and measure. Runs in the published file alone.
-- A dataset is the sum of its deliverers' parts; what asks nothing is left out.
-- In order: agencies by name; datasets by their owner's name and their place in the catalogue;
-- deliveries by their deliverer's name and the place of their dataset.
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
),
measures AS (
    SELECT
        level, subject, 'dimension' AS kind, dimension AS measure, passed, asked, score, "at", place
    FROM dimensions
    JOIN (SELECT dimension, min(place) AS place FROM quality.score_words GROUP BY dimension)
        USING (dimension)
    UNION ALL BY NAME
    SELECT
        level, subject, 'word' AS kind, word AS measure, avg(score) AS score, max("at") AS "at",
        min(place) AS place
    FROM dimensions
    JOIN quality.score_words USING (dimension)
    GROUP BY level, subject, word
),
subjects AS (
    SELECT
        level,
        subject,
        CASE level WHEN 'dataset' THEN any_value(datasets.agency) ELSE any_value(latest.agency) END
            AS agency,
        any_value(datasets.place) AS dataset_place
    FROM latest
    LEFT JOIN catalog.datasets AS datasets ON datasets.dataset = latest.dataset
    GROUP BY level, subject
)
SELECT level, subject, kind, measure, passed, asked, score, "at"
FROM measures
JOIN subjects USING (level, subject)
LEFT JOIN catalog.agencies AS agencies ON agencies.agency = subjects.agency
ORDER BY level, agencies.name, dataset_place, subject, kind, place
