-- quality.deliveries: one row a delivery with its last state and its balance.
SELECT
    delivery,
    state,
    dataset,
    agency,
    mask_stray_numbers(file) AS file,
    mode,
    format,
    encoding,
    sheet,
    shape,
    as_of,
    first_seen AS received_at,
    decided_at,
    counted,
    accepted,
    rejected,
    counted = accepted + rejected AS balanced,
    upserted,
    unchanged,
    duplicated,
    quarantined,
    deleted,
    removed,
    mask_stray_numbers(message) AS message
FROM quality.main.deliveries
ORDER BY seq, delivery
