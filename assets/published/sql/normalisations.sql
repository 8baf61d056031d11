-- quality.normalisations: one row a delivery, column and kind of normalisation.
SELECT delivery, dataset, "column", kind, rows
FROM quality.main.normalisations
ORDER BY delivery, dataset, "column", kind
