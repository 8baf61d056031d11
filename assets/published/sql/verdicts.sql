-- quality.verdicts: one row a delivery and rule, counted by two independent ways.
SELECT
    delivery,
    dataset,
    rule,
    mask_count,
    expectation_count,
    mask_count = expectation_count AS agrees
FROM quality.main.verdicts
ORDER BY delivery, rule
