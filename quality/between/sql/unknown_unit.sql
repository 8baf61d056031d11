-- 单位不存在。
-- One row: a unit's code that no register of the city has. It is right when another agency licenses
-- or taxes the unit under this code (then the register lacks it), when the code was given elsewhere
-- or by an authority whose register is not here, or when the register has told nothing since.
-- A register speaks for a place where it has other units of it: of a district whose register never
-- came nobody can be unknown.
with used as (
    select 'human_resources/insurance_enrollments' as dataset, 'employer_uscc' as "column",
        employer_uscc as uscc, _agency, _key, _delivery, _row
    from standard.human_resources.insurance_enrollments
    union all
    select 'human_resources/contributions', 'employer_uscc', employer_uscc, _agency, _key, _delivery,
        _row
    from standard.human_resources.contributions
    union all
    select 'housing_fund/accounts', 'employer_uscc', employer_uscc, _agency, _key, _delivery, _row
    from standard.housing_fund.accounts
    union all
    select 'housing/construction_permits', 'builder_uscc', builder_uscc, _agency, _key, _delivery,
        _row
    from standard.housing.construction_permits
    union all
    select 'hotline/tickets', 'responsible_uscc', responsible_uscc, _agency, _key, _delivery, _row
    from standard.hotline.tickets
    union all
    select 'urban_management/city_incidents', 'responsible_uscc', responsible_uscc, _agency, _key,
        _delivery, _row
    from standard.urban_management.city_incidents
),
registered as (
    select uscc, '9' as department, 'market_supervision/business_entities' as register
    from standard.market_supervision.business_entities
    union all
    select uscc, '1', 'institutional_commission/public_bodies'
    from standard.institutional_commission.public_bodies
    union all
    select uscc, '5', 'civil_affairs/social_organizations'
    from standard.civil_affairs.social_organizations
),
known as (
    select uscc from registered
    union all select uscc from standard.taxation.taxpayers
    union all select uscc from standard.education.schools
    union all select uscc from standard.health.institutions
    union all select uscc from standard.state_assets.enterprises
),
city as (
    select mode(left(division, 4)) as prefix from standard.market_supervision.business_entities
),
places as (
    select distinct department, substr(uscc, 3, 6) as place, register
    from registered
    where left(uscc, 1) = department
),
last_told as (
    select dataset as register, max(ordered_at) as told_at
    from quality.main.deliveries
    where state = 'applied'
    group by dataset
),
-- Materialized, so that codes are judged for the few rows left and not for all.
strangers as materialized (
    from used
    anti join known using (uscc)
    where uscc is not null
)
select strangers.dataset, strangers._agency as agency, _key as key, "column",
    _delivery as delivery, _row as row, strangers.uscc as value,
    '截至 ' || told_at::date || ' 的登记信息中没有此代码' as detail
from strangers
join places on places.department = left(strangers.uscc, 1) and places.place = substr(uscc, 3, 6)
join last_told using (register)
join quality.main.deliveries as delivered on delivered.delivery = strangers._delivery
where starts_with(places.place, (select prefix from city))
    -- 59 and 99 are bodies that other authorities know.
    and substr(strangers.uscc, 2, 1) <> '9' and uscc_is_valid(strangers.uscc)
    and delivered.ordered_at <= told_at
