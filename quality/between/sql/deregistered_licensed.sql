-- 已注销单位仍持有效许可。
-- One row: a licence in force of a holder that the register struck off more than 30 days before the
-- licences' last delivery. Until then nobody can expect the news to have come through. `_seq` holds
-- the delivery's time in seconds above its lowest 24 bits.
with ended as (
    select uscc, deregistered_on
    from standard.market_supervision.business_entities
    where status = '3' and deregistered_on is not null and uscc is not null
),
licences as (
    select 'market_supervision/food_licenses' as dataset, 'uscc' as "column",
        _agency, _key, _delivery, _row, uscc as holder_id, max(_seq) over () as newest, status
    from standard.market_supervision.food_licenses
    union all
    select 'administrative_approval/electronic_licenses', 'holder_id',
        _agency, _key, _delivery, _row, holder_id, max(_seq) over (), status
    from standard.administrative_approval.electronic_licenses
)
select dataset, _agency as agency, _key as key, "column", _delivery as delivery, _row as row,
    holder_id as value, '持证单位已于 ' || deregistered_on || ' 注销' as detail
from licences
join ended on ended.uscc = licences.holder_id
where licences.status = '10'
    and deregistered_on < make_timestamp((newest >> 24) * 1000000)::date - 30
