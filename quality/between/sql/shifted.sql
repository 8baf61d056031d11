-- 坐标偏移。
-- One row: a point that lies, within 20 metres, where GCJ-02 shows another point told of the same
-- place, and more than 200 metres from that point: coordinates taken from a map of the internet. The
-- same place is the same standard address, the same house number with its buildings, or the same
-- station. Rows without another source of their place are never accused.
with told as (
    select 'public_security/standard_addresses' as dataset, _agency, _key, _delivery, _row,
        'a' || address_code as place, lon, lat
    from standard.public_security.standard_addresses
    union all
    select 'public_security/standard_addresses', _agency, _key, _delivery, _row,
        concat_ws('/', 'b' || division, town, community, road, number), lon, lat
    from standard.public_security.standard_addresses
    where building is not null and division is not null and community is not null
        and road is not null and number is not null
    union all
    select 'health/institutions', _agency, _key, _delivery, _row, 'a' || address_code, lon, lat
    from standard.health.institutions
    union all
    select 'market_supervision/business_entities', _agency, _key, _delivery, _row,
        'a' || address_code, lon, lat
    from standard.market_supervision.business_entities
    union all
    select 'market_supervision/food_licenses', _agency, _key, _delivery, _row,
        'a' || address_code, lon, lat
    from standard.market_supervision.food_licenses
    union all
    select 'ecology/discharge_permits', _agency, _key, _delivery, _row,
        'a' || address_code, lon, lat
    from standard.ecology.discharge_permits
    union all
    select 'ecology/air_stations', _agency, _key, _delivery, _row, 's' || station_code, lon, lat
    from standard.ecology.air_stations
    union all
    select 'ecology/air_hourly', _agency, _key, _delivery, _row, 's' || station_code, lon, lat
    from standard.ecology.air_hourly
),
points as (
    select *, lon::double as x, lat::double as y
    from told
    where place is not null and lon between 73 and 136 and lat between 3 and 54
),
-- Places of which points are told that disagree: few, whatever the number of rows.
disputed as (
    select place
    from points
    group by place
    having max(x) - min(x) > 0.002 or max(y) - min(y) > 0.0015
),
-- Of each about ten metres one point stands for all.
spots as (
    select place, round(x, 4) as cell_x, round(y, 4) as cell_y, any_value(x) as x,
        any_value(y) as y
    from points
    semi join disputed using (place)
    group by all
),
images as (
    select place, x, y, gcj02_lon(x, y) as image_x, gcj02_lat(x, y) as image_y
    from spots
)
select distinct dataset, _agency as agency, _key as key, 'lon' as "column",
    _delivery as delivery, _row as row, regexp_replace(lon::varchar, '\.?0+$', '') as value,
    '偏移 ' || round(metres_between(points.x, points.y, images.x, images.y))::bigint
        || ' 米，符合 GCJ-02 坐标系' as detail
from points
join images using (place)
where metres_between(points.x, points.y, image_x, image_y) <= 20
    and metres_between(points.x, points.y, images.x, images.y) > 200
qualify row_number() over (
    partition by dataset, _agency, _key
    order by metres_between(points.x, points.y, image_x, image_y), place, images.x, images.y
) = 1
