-- quality.verdicts: one row a delivery, rule and definition that judged it, counted by two
-- independent ways.
SELECT
    delivery,
    dataset,
    rule,
    mask_count,
    expectation_count,
    mask_count = expectation_count AS agrees,
    catalog_version
FROM quality.main.verdicts
ORDER BY delivery, rule, catalog_version
