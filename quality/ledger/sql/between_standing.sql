-- What is to be kept of this asking, columns as quality.ledger.between.BETWEEN_STANDING: what stands
-- now, and of rules that were not asked what stood. With `ended`, also what ends now, as it was.
-- Reads between_now, between_asked, changes. Parameters: log_no, ended.
from (
    select rule, version, $log_no as log_no, dataset, agency, key, "column", delivery, detail
    from between_now
    join (select distinct rule, version from between_asked) using (rule)
    union all by name
    from quality.main.between_standing as stood
    where stood.rule not in (select rule from between_asked)
        or $ended and (stood.rule, stood.dataset, stood.agency, stood.key, stood."column") in (
            select (rule, dataset, agency, key, "column") from changes
            where event in ('closed', 'withdrawn')
        )
)
order by rule, dataset, agency, key, "column"
