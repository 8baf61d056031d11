-- quality.defects: the open defects, keys and values masked.
-- Reads quality.main.defects and between_standing. Parameters: open_rules (rules between datasets
-- that tell nothing of others that is masked) and parallel lists, of columns (datasets, columns, ways)
-- and of datasets (key_datasets, key_ways, key_strictest, other_ways). What names no catalogued
-- column, or is no row of a dataset, may be anything: it is shown only where the whole dataset may be.
-- And leaving, the datasets whose rows leave publication, of which published_keys (dataset, key) has
-- those that have not: a defect of another row stays, for tickets count it, and tells nothing of it.
-- So does one of what could not be read as a row or has no key: how long it may be shown, nobody knows.
WITH of_columns AS (
    SELECT
        unnest($datasets::VARCHAR[]) AS dataset,
        unnest($columns::VARCHAR[]) AS "column",
        unnest($ways::VARCHAR[]) AS way
),
of_datasets AS (
    SELECT
        unnest($key_datasets::VARCHAR[]) AS dataset,
        unnest($key_ways::VARCHAR[][]) AS key_ways,
        unnest($key_strictest::VARCHAR[]) AS key_strictest,
        unnest($other_ways::VARCHAR[]) AS other_way
),
found AS (
    SELECT
        defects.*,
        list_contains($leaving, defects.dataset)
        AND defects.kind NOT IN ('delivery', 'column', 'absence')
        AND (published_keys.key IS NULL OR defects.kind IN ('reject', 'quarantine')) AS withheld
    FROM quality.main.defects
    LEFT JOIN published_keys
        ON published_keys.dataset = defects.dataset AND published_keys.key = defects.key
    WHERE defects.event IN ('opened', 'reopened')
)
SELECT
    found.defect,
    found.ticket,
    found.dataset,
    found.agency,
    found.rule,
    found.kind,
    CASE
        WHEN found.withheld THEN '***'
        ELSE coalesce(mask_key(of_datasets.key_ways, of_datasets.key_strictest, found.key), '***')
    END AS key,
    nullif(found."column", '') AS "column",
    CASE
        WHEN found.withheld THEN mask_hidden(found.value)
        WHEN found.kind IN ('row', 'between')
            THEN mask_as(coalesce(of_columns.way, of_datasets.other_way), found.value)
        WHEN found.kind = 'shared_key' THEN
            mask_key(of_datasets.key_ways, of_datasets.key_strictest, found.value)
        ELSE mask_as(of_datasets.other_way, found.value)
    END AS value,
    -- What a value was held against may tell the value: it is shown where both may be.
    CASE
        WHEN found.kind = 'absence' THEN coalesce(last_told.detail, found.reason)
        WHEN found.kind = 'between' AND NOT found.withheld
            AND coalesce(of_columns.way, of_datasets.other_way) IN ('none', 'code')
            AND list_contains($open_rules, found.rule)
            THEN mask_as('none', coalesce(last_told.detail, found.reason))
        WHEN found.kind = 'between' THEN mask_hidden(found.reason)
    END AS detail,
    found.delivery,
    found.row,
    found.line,
    found."at" AS opened_at
FROM found
LEFT JOIN quality.main.between_standing AS last_told
    USING (rule, dataset, agency, key, "column")
LEFT JOIN of_datasets USING (dataset)
LEFT JOIN of_columns ON of_columns.dataset = found.dataset AND of_columns."column" = found."column"
