-- 空气质量指数与浓度不符。
-- One row: an hour of a station whose stated index does not follow from its own concentrations by
-- the formula of its date, or should not be stated. It is right when it follows with the particles'
-- hour, as the national platform has it, or with their 24 hours, as the standard says.
-- Nothing is said of an hour with a reading beyond every limit: the reading is in doubt, not the
-- index. Where a pollutant is missing the index may rest on it, and can only be too low; but from
-- 2026-03-01 a missing pollutant that the station monitors leaves no index up to 100.
with told as (
    select hour.*, observed_at::date as day,
        -- Without a list of what the station monitors, each that is missing may be monitored.
        coalesce(not list_contains(listed, 'SO2'), false) as no_so2,
        coalesce(not list_contains(listed, 'NO2'), false) as no_no2,
        coalesce(not list_contains(listed, 'CO'), false) as no_co,
        coalesce(not list_contains(listed, 'O3'), false) as no_o3,
        coalesce(not list_contains(listed, 'PM10'), false) as no_pm10,
        coalesce(not list_contains(listed, 'PM2_5'), false) as no_pm2_5,
        listed is not null as station_known
    from standard.ecology.air_hourly as hour
    left join (
        select station_code, string_split(monitored, ';') as listed
        from standard.ecology.air_stations
    ) as station using (station_code)
    where aqi is not null
),
indexed as (
    select *,
        hourly_so2_index(so2, so2_24h, day) as so2_index,
        individual_air_quality_index('NO2', '1h', no2, day) as no2_index,
        individual_air_quality_index('CO', '1h', co, day) as co_index,
        individual_air_quality_index('O3', '1h', o3, day) as o3_index,
        individual_air_quality_index('PM10', '24h', pm10, day) as pm10_index,
        individual_air_quality_index('PM2_5', '24h', pm2_5, day) as pm2_5_index,
        individual_air_quality_index('PM10', '24h', pm10_24h, day) as pm10_24h_index,
        individual_air_quality_index('PM2_5', '24h', pm2_5_24h, day) as pm2_5_24h_index
    from told
    where coalesce(so2 between 0 and 2620, true)
        and coalesce(no2 between 0 and 3840, true)
        and coalesce(co between 0 and 150, true)
        and coalesce(o3 between 0 and 1200, true)
        and coalesce(pm10 between 0 and 600, true)
        and coalesce(pm2_5 between 0 and 500, true)
),
judged as (
    select *,
        greatest(so2_index, no2_index, co_index, o3_index, pm10_index, pm2_5_index) as by_hour,
        case when coalesce(pm10_24h_index, pm2_5_24h_index) is not null then
            greatest(so2_index, no2_index, co_index, o3_index, pm10_24h_index, pm2_5_24h_index)
        end as by_24h,
        (no_so2 or so2_index is not null) and (no_no2 or no2_index is not null)
            and (no_co or co_index is not null) and (no_o3 or o3_index is not null)
            and (no_pm10 or pm10_index is not null) and (no_pm2_5 or pm2_5_index is not null)
            as complete
    from indexed
),
wrong as (
    select *,
        case
            when complete and aqi <> by_hour and aqi is distinct from by_24h
                then '按当时各项污染物的浓度计算，应为 ' || by_hour
            when not complete and aqi < least(by_hour, by_24h)
                then '按已有的各项浓度计算，至少应为 ' || least(by_hour, by_24h)
            when not complete and station_known and aqi <= 100 and day >= date '2026-03-01'
                then '站点监测的污染物缺少浓度，指数又不大于100，应当留空'
        end as detail
    from judged
)
select 'ecology/air_hourly' as dataset, _agency as agency, _key as key, 'aqi' as "column",
    _delivery as delivery, _row as row, aqi::varchar as value, detail
from wrong
where detail is not null
