-- 累计数当作当月数，或当月数当作累计数。
-- One row: a month's income of a fund that is what came in since January, or a year's revenue or
-- profit to date that is that of one month, or was added up once more. A value is told by how it
-- stands to what its own series says it should be, the median of the others: as many times it as
-- the months that have passed, a quarter more or less. Months before March tell nothing.
with income as (
    select 'medical_insurance/fund_income' as dataset, _agency, _key, _delivery, _row,
        'income' as "column", concat_ws('/', insurance_type, division) as series, period,
        income as value, income::double as pace, false as yearly
    from standard.medical_insurance.fund_income
),
reports as (
    select *
    from (
        select 'state_assets/financial_reports' as dataset, _agency, _key, _delivery, _row,
            unnest(['revenue', 'profit']) as "column", concat_ws('/', uscc, basis) as series,
            period, unnest([revenue, profit]) as value
        from standard.state_assets.financial_reports
    )
),
told as (
    select * from income
    union all
    select *, value::double / substr(period, 6, 2)::int, true from reports
),
dated as (
    select *, substr(period, 6, 2)::int as month, substr(period, 1, 4) as year
    from told
    where value is not null and pace <> 0 and regexp_full_match(period, '\d{4}-\d{2}')
),
-- Income has its seasons: a month is held against the same month of other years. What adds up over
-- a year is held against the other months of that year.
usual as (
    select one.dataset, one._key, one."column", median(other.pace) as pace, count(*) as others,
        count(*) filter (other.pace between 0.5 * one.pace and 2 * one.pace) as alike
    from dated as one
    join dated as other
        on other.dataset = one.dataset and other."column" = one."column"
        and other.series = one.series
        and other.period <> one.period
        and (if(one.yearly, other.year = one.year, other.month = one.month))
    group by all
),
-- What came in since January, of the months whose every earlier month of the year is known.
so_far as (
    select one.dataset, one._key, one."column", sum(other.pace) as earlier
    from dated as one
    join dated as other
        on other.dataset = one.dataset and other."column" = one."column"
        and other.series = one.series and other.year = one.year and other.month < one.month
    where not one.yearly
    group by one.dataset, one._key, one."column", one.month
    having count(*) = one.month - 1
)
select dataset, _agency as agency, _key as key, "column", _delivery as delivery, _row as row,
    regexp_replace(value::varchar, '\.?0+$', '') as value,
    if(dated.pace > usual.pace, '约为', '仅为') || '该月正常数的 '
        || round(dated.pace / usual.pace, 1) || ' 倍，已过 ' || month || ' 个月' as detail
from dated
join usual using (dataset, _key, "column")
left join so_far using (dataset, _key, "column")
where month >= 3 and others >= 2 and alike = 0
    and (
        dated.pace / usual.pace / month between 0.75 and 1.25
        or (yearly and dated.pace / usual.pace * month between 0.75 and 1.25)
        -- The earlier months and one more of the usual size: small sums swing more than a quarter.
        or (dated.pace > 2.5 * usual.pace
            and (dated.pace - earlier) / usual.pace between 0.4 and 2.5)
    )
