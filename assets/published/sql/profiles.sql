-- quality.profiles: one row an applied delivery and column, beside the delivery before it of the same
-- deliverer and shape: another shape is another list. Parameters, parallel lists: datasets, columns, ways (masks), tops (whether top values
-- may be shown): what the catalogue masks today shows no value, whatever was kept when the delivery came in.
WITH of_columns AS (
    SELECT
        unnest($datasets::VARCHAR[]) AS dataset,
        unnest($columns::VARCHAR[]) AS "column",
        unnest($ways::VARCHAR[]) AS way,
        unnest($tops::BOOLEAN[]) AS top_shown
),
applied AS (
    SELECT
        profile.*,
        coalesce(of_columns.way, 'hidden') IN ('none', 'code') AS shown,
        coalesce(of_columns.top_shown, false) AS top_shown,
        lag(struct_pack(delivery, rows, nulls, distinct_values := profile."distinct")) OVER (
            PARTITION BY profile.dataset, profile.agency, known.shape, profile."column"
            ORDER BY profile.seq, profile.delivery
        ) AS before
    FROM quality.main.profiles AS profile
    JOIN quality.main.deliveries AS known USING (delivery)
    LEFT JOIN of_columns
        ON of_columns.dataset = profile.dataset AND of_columns."column" = profile."column"
    WHERE known.state = 'applied'
)
SELECT
    delivery,
    dataset,
    agency,
    "column",
    delivered,
    rows,
    nulls,
    round(nulls / nullif(rows, 0), 6) AS null_rate,
    CASE WHEN shown THEN minimum END AS minimum,
    CASE WHEN shown THEN maximum END AS maximum,
    sampled,
    shortest,
    longest,
    list_transform(patterns, lambda each: each.pattern || ' × ' || each.rows) AS patterns,
    "distinct",
    CASE WHEN shown THEN p05 END AS p05,
    CASE WHEN shown THEN p25 END AS p25,
    CASE WHEN shown THEN p50 END AS p50,
    CASE WHEN shown THEN p75 END AS p75,
    CASE WHEN shown THEN p95 END AS p95,
    CASE
        WHEN top_shown THEN
            list_transform(top, lambda each: mask_stray_numbers(each.value) || ' × ' || each.rows)
    END AS top,
    before.delivery AS previous_delivery,
    before.rows AS previous_rows,
    before.nulls AS previous_nulls,
    before.distinct_values AS previous_distinct
FROM applied
ORDER BY dataset, agency, seq, delivery, "column"
