-- 首要污染物与浓度不符。
-- One row: an hour of a station that names a primary pollutant which has not the highest index, not
-- all that share the highest, or one although the index is at most 50. It is right when it follows
-- with the particles' hour or with their 24 hours; of three that share the place any two are enough,
-- since the code table has no more. An hour whose index itself does not follow says nothing.
with told as (
    select *, observed_at::date as day,
        string_split(replace(primary_pollutant, 'O3_8H', 'O3_1H'), '+') as named,
        hourly_so2_index(so2, so2_24h, day) as so2_index,
        individual_air_quality_index('NO2', '1h', no2, day) as no2_index,
        individual_air_quality_index('CO', '1h', co, day) as co_index,
        individual_air_quality_index('O3', '1h', o3, day) as o3_index
    from standard.ecology.air_hourly
    where primary_pollutant is not null and aqi is not null
),
indexed as (
    select *, unnest([
        {
            'mean': 1,
            'pm10': individual_air_quality_index('PM10', '24h', pm10, day),
            'pm2_5': individual_air_quality_index('PM2_5', '24h', pm2_5, day)
        },
        {
            'mean': 24,
            'pm10': individual_air_quality_index('PM10', '24h', pm10_24h, day),
            'pm2_5': individual_air_quality_index('PM2_5', '24h', pm2_5_24h, day)
        }
    ]) as particles
    from told
    -- What is no code of a pollutant is for the rule `code`.
    where list_has_all(['SO2', 'NO2', 'CO', 'O3_1H', 'PM10', 'PM2_5'], named)
),
highest as (
    select *,
        list_filter(
            [
                case when so2_index = aqi then 'SO2' end,
                case when no2_index = aqi then 'NO2' end,
                case when co_index = aqi then 'CO' end,
                case when o3_index = aqi then 'O3_1H' end,
                case when particles.pm10 = aqi then 'PM10' end,
                case when particles.pm2_5 = aqi then 'PM2_5' end
            ],
            lambda pollutant: pollutant is not null
        ) as sharing
    from indexed
    where aqi
        = greatest(so2_index, no2_index, co_index, o3_index, particles.pm10, particles.pm2_5)
),
judged as (
    select _agency, _key, any_value(_delivery) as _delivery, any_value(_row) as _row,
        any_value(aqi) as aqi, any_value(primary_pollutant) as primary_pollutant,
        bool_or(
            aqi > 50 and list_has_all(sharing, named)
            and len(named) >= least(len(sharing), 2)
        ) as follows,
        arg_min(array_to_string(sharing, '+'), particles.mean) as computed
    from highest
    group by _agency, _key
)
select 'ecology/air_hourly' as dataset, _agency as agency, _key as key,
    'primary_pollutant' as "column", _delivery as delivery, _row as row,
    primary_pollutant as value,
    case when aqi <= 50 then '空气质量指数不大于50，没有首要污染物'
        else '按当时各项污染物的浓度计算，应为 ' || computed end as detail
from judged
where not follows
