-- 人口数：在世、户籍、常住，按区县、性别、五岁年龄段。
-- 一行：一个区县、性别、年龄段。来源：population.person（只计由公安登记的人）。
with today as (
    select max(ordered_at)::date as day from quality.main.deliveries where state = 'applied'
),
people as (
    select person.*, today.day,
        residence_since is not null and (residence_until is null or residence_until > today.day)
            as permitted,
        registered_division is not null and cancelled_on is null as on_register
    from base.population.person as person, today
    where _registered and (died_on is null or died_on > today.day)
),
placed as (
    select
        coalesce(
            left(case when permitted and not on_register then residence_division end, 6),
            left(coalesce(registered_division, residence_division), 6),
            '不明'
        ) as division,
        case when sex in ('1', '2', '9') then sex else '0' end as sex,
        case
            when birth_date is null or birth_date > day then '不明'
            when date_sub('year', birth_date, day) >= 85 then '85+'
            else printf(
                '%02d-%02d', 5 * (date_sub('year', birth_date, day) // 5),
                5 * (date_sub('year', birth_date, day) // 5) + 4
            )
        end as age_band,
        on_register, permitted, day
    from people
)
select division, sex, age_band, count(*) as living,
    count(*) filter (on_register) as registered,
    count(*) filter (on_register or permitted) as resident,
    any_value(day) as as_of
from placed
group by division, sex, age_band
