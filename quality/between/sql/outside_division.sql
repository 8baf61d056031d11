-- 坐标不在所填区划内。
-- One row: a point more than two kilometres outside the boundary of the row's division, or of every
-- host of its zone. Never: a point beyond the rectangle around the city, which its row shows, a
-- division without known boundaries, and rows that a zone's agency delivered.
with frame as (
    select min(x) as west, max(x) as east, min(y) as south, max(y) as north
    from division_reach
),
told as (
    select 'public_security/standard_addresses' as dataset,
        _agency, _key, _delivery, _row, division, lon, lat
    from standard.public_security.standard_addresses
    union all
    select 'health/institutions', _agency, _key, _delivery, _row, division, lon, lat
    from standard.health.institutions
    union all
    select 'market_supervision/business_entities',
        _agency, _key, _delivery, _row, division, lon, lat
    from standard.market_supervision.business_entities
    union all
    select 'market_supervision/food_licenses', _agency, _key, _delivery, _row, division, lon, lat
    from standard.market_supervision.food_licenses
    union all
    select 'ecology/air_stations', _agency, _key, _delivery, _row, division, lon, lat
    from standard.ecology.air_stations
    union all
    select 'ecology/discharge_permits', _agency, _key, _delivery, _row, division, lon, lat
    from standard.ecology.discharge_permits
    union all
    select 'education/schools', _agency, _key, _delivery, _row, division, lon, lat
    from standard.education.schools
    union all
    select 'urban_management/city_incidents', _agency, _key, _delivery, _row, division, lon, lat
    from standard.urban_management.city_incidents
),
points as (
    select * replace (substr(division, 1, 6) as division)
    from told
),
placed as (
    select *, floor(lon * 100)::bigint as x, floor(lat * 100)::bigint as y
    from points
    where division in (select division from division_reach)
        and _agency not in (select agency from zone_agencies)
        and lon is not null and lat is not null
)
select dataset, _agency as agency, _key as key, 'lon' as "column", _delivery as delivery,
    _row as row, regexp_replace(lon::varchar, '\.?0+$', '') as value,
    '距' || coalesce(division_names.name, ' ' || division || ' ') || '的界线超过2公里' as detail
from placed
left join division_names using (division)
anti join division_reach using (division, x, y)
where x between (select west from frame) and (select east from frame)
    and y between (select south from frame) and (select north from frame)
