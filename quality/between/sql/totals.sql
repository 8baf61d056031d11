-- 全市数不等于各区县之和。
-- One row: an indicator's value for the whole city that is not the sum of its divisions'. Which
-- indicators add up is what their figures say: those of which nine in ten totals do, of ten or more.
-- A total is held against the full number of divisions only, and nothing is said where the total or
-- one of its parts has failed a rule of its own.
with figures as (
    select *, substr(division, 1, 4) || '00' as whole
    from standard.statistics.indicator_values
    where value is not null and division is not null
),
parts as (
    select whole, indicator_code, period, basis, version, unit, sum(value) as parts,
        count(*) as count, bool_and(_failed = 0) as sound
    from figures
    where division <> whole
    group by all
),
compared as (
    select figures.*, parts.parts, parts.count,
        abs(figures.value - parts.parts) <= greatest(abs(figures.value) * 0.005, 0.01) as adds_up
    from figures
    join parts using (whole, indicator_code, period, basis, version, unit)
    where figures.division = figures.whole and figures._failed = 0 and parts.sound
    qualify parts.count = max(parts.count) over (partition by indicator_code, basis)
)
select 'statistics/indicator_values' as dataset, _agency as agency, _key as key,
    'value' as "column", _delivery as delivery, _row as row,
    regexp_replace(value::varchar, '\.?0+$', '') as value,
    count || ' 个区县合计 ' || regexp_replace(parts::varchar, '\.?0+$', '') as detail
from compared
qualify not adds_up
    and count(*) over (partition by indicator_code, basis) >= 10
    and count_if(adds_up) over (partition by indicator_code, basis)
        >= 0.9 * count(*) over (partition by indicator_code, basis)
