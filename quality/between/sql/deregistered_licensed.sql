-- 已注销、吊销单位仍持有效许可。
-- One row: a licence in force of a holder that was struck off the register, or lost its business
-- licence, more than 30 days before the licences were last delivered. Until then nobody can expect
-- the news to have come through.
with ended as (
    select uscc, case status when '3' then deregistered_on when '2' then revoked_on end as ended_on,
        if(status = '3', '注销', '被吊销营业执照') as how
    from standard.market_supervision.business_entities
    where uscc is not null
),
last_told as (
    select dataset, max(ordered_at) as told_at
    from quality.main.deliveries
    where state = 'applied'
    group by dataset
),
licences as (
    select 'market_supervision/food_licenses' as dataset, 'uscc' as "column",
        _agency, _key, _delivery, _row, uscc as holder_id
    from standard.market_supervision.food_licenses
    where status = '10'
    union all
    select 'administrative_approval/electronic_licenses', 'holder_id',
        _agency, _key, _delivery, _row, holder_id
    from standard.administrative_approval.electronic_licenses
    where status = '10'
)
select licences.dataset, _agency as agency, _key as key, "column", _delivery as delivery,
    _row as row, holder_id as value, '持证单位已于 ' || ended_on || ' ' || how as detail
from licences
join ended on ended.uscc = licences.holder_id
join last_told on last_told.dataset = licences.dataset
where ended_on + 30 < told_at::date
