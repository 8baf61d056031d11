-- 推算序列。一行：一个指标、时期、地区、分组。
-- D01 新设经营主体：legal_person.entity 按成立月份、行业大类；D02 参保人数：现行参保按险种。
with today as (
    select max(ordered_at)::date as day from quality.main.deliveries where state = 'applied'
)
select 'D01' as indicator_code, strftime(established_on, '%Y-%m') as period,
    coalesce(left(division, 6), '不明') as division,
    coalesce(left(regexp_replace(industry, '^[A-T]', ''), 2), '不明') as breakdown,
    count(*) as value, '户' as unit, 'legal_person.entity' as derived_from
from base.legal_person.entity
cross join today
where kind = '经营主体' and established_on <= day
group by all
union all
select 'D02', strftime(any_value(day), '%Y-%m'), insured_division, insured_for,
    count(distinct id_no), '人', 'social_security.insurance_enrollments'
from (
    select id_no, day,
        coalesce(nullif(regexp_extract(insured_division, '^[0-9]{6}'), ''), '不明')
            as insured_division,
        coalesce(nullif(regexp_extract(insurance_type, '^[0-9]+$'), ''), '不明') as insured_for
    from standard.human_resources.insurance_enrollments
    cross join today
    -- 早于 1949-10-01 的终止日期是占位，什么也没说。
    where status = '1' and (ended_on is null or ended_on > day or ended_on < date '1949-10-01')
)
group by insured_division, insured_for
