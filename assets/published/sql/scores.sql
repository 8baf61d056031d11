-- quality.scores: every count of a subject's dimension, in the order in which they were counted.
SELECT
    no,
    "at",
    level,
    subject,
    dataset,
    agency,
    dimension,
    rules,
    passed,
    asked,
    passed / nullif(asked, 0) AS score,
    catalog_version
FROM quality.main.scores
ORDER BY no
