-- The profiles of a dataset's latest applied delivery, with the nulls and rows of its deliverer's
-- delivery before it. Parameter: dataset.
WITH applied AS (
    SELECT
        profile.*,
        lag(profile.rows) OVER before_it AS previous_rows,
        lag(profile.nulls) OVER before_it AS previous_nulls
    FROM quality.main.profiles AS profile
    SEMI JOIN (FROM quality.main.deliveries WHERE state = 'applied' AND dataset = $dataset)
        USING (delivery)
    WHERE profile.dataset = $dataset
    WINDOW before_it AS (
        PARTITION BY profile.agency, profile."column" ORDER BY profile.seq, profile.delivery
    )
)
FROM applied
WHERE delivery = (SELECT arg_max(delivery, (seq, delivery)) FROM applied)
