-- 停滞不变的读数。
-- One row: an hour of a station and pollutant whose value has stood still for twelve hours or more.
-- Concentrations are whole micrograms and change within hours; carbon monoxide, with few steps, is
-- left out, and so are values near the limit of detection, which stand still by nature.
with begun as (
    select station_code, observed_at, so2, no2, o3, pm10, pm2_5,
        so2 is distinct from lag(so2 ignore nulls) over hours and so2 is not null as so2_begins,
        no2 is distinct from lag(no2 ignore nulls) over hours and no2 is not null as no2_begins,
        o3 is distinct from lag(o3 ignore nulls) over hours and o3 is not null as o3_begins,
        pm10 is distinct from lag(pm10 ignore nulls) over hours and pm10 is not null
            as pm10_begins,
        pm2_5 is distinct from lag(pm2_5 ignore nulls) over hours and pm2_5 is not null
            as pm2_5_begins
    from standard.ecology.air_hourly
    where station_code is not null and observed_at is not null
    window hours as (partition by station_code order by observed_at)
),
runs as (
    select station_code, observed_at,
        unnest(['so2', 'no2', 'o3', 'pm10', 'pm2_5']) as "column",
        unnest([so2, no2, o3, pm10, pm2_5])::double as value,
        unnest([
            count_if(so2_begins) over so_far, count_if(no2_begins) over so_far,
            count_if(o3_begins) over so_far, count_if(pm10_begins) over so_far,
            count_if(pm2_5_begins) over so_far
        ]) as run
    from begun
    window so_far as (
        partition by station_code order by observed_at
        rows between unbounded preceding and current row
    )
),
still as (
    select station_code, "column", run, count(*) as hours, min(observed_at) as since,
        max(observed_at) as until
    from runs
    where value is not null
    group by all
    having count(*) >= 12 and min(value) >= 5
        -- Hours may be missing in between, but not most of them.
        and date_diff('hour', min(observed_at), max(observed_at)) < 2 * count(*)
),
found as (
    select hourly.*, still.*,
        case still."column"
            when 'so2' then so2 when 'no2' then no2 when 'o3' then o3 when 'pm10' then pm10
            else pm2_5
        end as value
    from still
    join standard.ecology.air_hourly as hourly
        on hourly.station_code = still.station_code and observed_at between since and until
)
select 'ecology/air_hourly' as dataset, _agency as agency, _key as key, "column",
    _delivery as delivery, _row as row, regexp_replace(value::varchar, '\.?0+$', '') as value,
    '自 ' || strftime(since, '%Y-%m-%d %H:%M') || ' 起连续 ' || hours || ' 个读数相同' as detail
from found
where value is not null
