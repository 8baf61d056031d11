-- 主体所在区县：点在多边形内。需要 DuckDB 的 spatial 扩展（LOAD spatial）。
-- 一行：一个有坐标的主体。来源：geospatial.site，界线 boundary_rows，功能区 host_rows、zone_agency_rows。
with county as (
    select division, doubt, wkt::geometry as area,
        111320 * cos(radians((st_ymin(area) + st_ymax(area)) / 2)) as metres_east,
        110950 as metres_north
    from boundary_rows
),
-- The counties that a division's points may lie in.
place as (
    select division, division as county from county
    union all
    select zone, host from host_rows
),
site as (
    select kind, subject_id, left(division, 6) as stated_division, lon, lat,
        st_point(lon::double, lat::double) as point
    from base.geospatial.site
    where lon is not null and lat is not null
),
-- A delivery's agency never changes, so the log is no input that makes this stale.
of_zones as (
    select distinct told.kind, told.subject_id
    from (
        select kind, subject_id, unnest(_contributors).delivery as delivery
        from base.geospatial.site
    ) as told
    join quality.main.deliveries on deliveries.delivery = told.delivery
    where deliveries.agency in (select agency from zone_agency_rows)
),
-- More than one row for a point on a border, or where boundaries overlap.
covered as (
    select site.kind, site.subject_id, site.stated_division, county.division
    from site
    join county on st_covers(county.area, site.point)
),
located as (
    select covered.kind, covered.subject_id,
        coalesce(min(place.county), min(covered.division)) as division,
        count(place.county) > 0 as at_home
    from covered
    left join place
        on place.division = covered.stated_division and place.county = covered.division
    group by covered.kind, covered.subject_id
),
outside as (
    select site.kind, site.subject_id, max(county.doubt) as doubt,
        round(min(st_distance(
            st_affine(county.area, metres_east, 0, 0, metres_north, 0, 0),
            st_affine(site.point, metres_east, 0, 0, metres_north, 0, 0)
        )))::bigint as metres
    from site
    anti join (from located where at_home) as home
        on home.kind = site.kind and home.subject_id = site.subject_id
    join place on place.division = site.stated_division
    join county on county.division = place.county
    group by site.kind, site.subject_id
)
select site.kind, site.subject_id, site.stated_division,
    located.division as located_division,
    if(located.at_home, 0, outside.metres) as metres_outside,
    case
        when located.at_home or outside.metres <= outside.doubt then true
        when outside.metres is null or of_zones.kind is not null then null
        else false
    end as agrees,
    site.lon, site.lat
from site
left join located using (kind, subject_id)
left join outside using (kind, subject_id)
left join of_zones using (kind, subject_id)
