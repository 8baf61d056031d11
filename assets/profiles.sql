-- The profiles of a dataset's latest applied delivery, with the nulls and rows of the delivery before
-- it, of the same deliverer and shape: another shape is another list. Parameter: dataset.
WITH applied AS (
    SELECT
        profile.*,
        lag(profile.rows) OVER before_it AS previous_rows,
        lag(profile.nulls) OVER before_it AS previous_nulls
    FROM quality.main.profiles AS profile
    JOIN quality.main.deliveries AS known USING (delivery)
    WHERE profile.dataset = $dataset AND known.state = 'applied'
    WINDOW before_it AS (
        PARTITION BY profile.agency, known.shape, profile."column"
        ORDER BY profile.seq, profile.delivery
    )
)
FROM applied
WHERE delivery = (SELECT arg_max(delivery, (seq, delivery)) FROM applied)
