-- 停滞不变的读数。
-- One row: an hour of a station and pollutant whose value has stood still for twelve hours or more.
-- Concentrations are whole micrograms and change within hours; carbon monoxide, with few steps, is
-- left out, and so are values near the limit of detection, which stand still by nature.
with hours as (
    select station_code, observed_at, _agency, _key, _delivery, _row,
        unnest(['so2', 'no2', 'o3', 'pm10', 'pm2_5']) as "column",
        unnest([so2, no2, o3, pm10, pm2_5]) as value
    from standard.ecology.air_hourly
    where station_code is not null and observed_at is not null
),
numbered as (
    select *,
        row_number() over (partition by "column", station_code order by observed_at)
        - row_number() over (partition by "column", station_code, value order by observed_at) as run
    from hours
    where value is not null
),
runs as (
    select *, count(*) over still as hours, min(observed_at) over still as since,
        max(observed_at) over still as until
    from numbered
    window still as (partition by "column", station_code, value, run)
)
select 'ecology/air_hourly' as dataset, _agency as agency, _key as key, "column",
    _delivery as delivery, _row as row, regexp_replace(value::varchar, '\.?0+$', '') as value,
    '自 ' || strftime(since, '%Y-%m-%d %H:%M') || ' 起连续 ' || hours || ' 个读数相同' as detail
from runs
where hours >= 12 and value >= 5
    -- Hours may be missing in between, but not most of them.
    and date_diff('hour', since, until) < 2 * hours
