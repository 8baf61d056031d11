-- quality.links: records without a sound identifier and the subject found for each, keys masked.
-- Parameters, parallel lists: of datasets (datasets, key_ways, key_strictest) and of base tables
-- (base_tables, subject_ways: the mask of what names their subjects); and leaving, the datasets whose
-- rows leave publication, of which published_keys (dataset, key) has those that have not: that a
-- subject has a record of such a dataset is told no longer than the record. Of a dataset that is
-- not published no key is shown.
WITH of_datasets AS (
    SELECT
        unnest($datasets::VARCHAR[]) AS dataset,
        unnest($key_ways::VARCHAR[][]) AS key_ways,
        unnest($key_strictest::VARCHAR[]) AS key_strictest
),
of_tables AS (
    SELECT
        unnest($base_tables::VARCHAR[]) AS base_table,
        unnest($subject_ways::VARCHAR[]) AS way
)
SELECT
    links.dataset,
    links.agency,
    coalesce(mask_key(of_datasets.key_ways, of_datasets.key_strictest, links.key), '***') AS key,
    links.base_table,
    mask_as(coalesce(of_tables.way, 'hidden'), links.linked) AS linked,
    links.method,
    links.score,
    list_transform(
        links.alternatives, lambda each: mask_as(coalesce(of_tables.way, 'hidden'), each)
    ) AS alternatives,
    links.evidence,
    links.local
FROM quality.main.links AS links
LEFT JOIN of_datasets USING (dataset)
LEFT JOIN of_tables USING (base_table)
LEFT JOIN published_keys
    ON published_keys.dataset = links.dataset AND published_keys.key = links.key
WHERE published_keys.key IS NOT NULL OR NOT list_contains($leaving, links.dataset)
ORDER BY links.dataset, links.agency, links.key
