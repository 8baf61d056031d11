-- 空气质量指数的计算宏：HJ 633《环境空气质量指数（AQI）技术规定》。
--
-- 每个宏只看传入的值，不依赖任何表；空值返回空值。一氧化碳以 mg/m³ 计，其余以 μg/m³ 计；
-- pollutant 为 SO2、NO2、CO、O3、PM10、PM2_5，averaging 为 1h、8h、24h，day 为数据所属日期：
-- 限值按当日有效的一版。2026 年 3 月 1 日起，PM10、PM2.5 指数 100 的限值改为 120、60。
--
-- Stated apart from quality/standards/air_quality.py on purpose: the two are held against each other.

-- 两个限值之间按直线内插，向上取整。二进制小数略有误差，先修约再取整。
CREATE OR REPLACE MACRO aqi_between(concentration, low, high, index_low, index_high) AS
    ceil(round(
        (concentration - low) / (high - low) * (index_high - index_low) + index_low, 9
    ));

-- 按限值计算分指数：limit_50 至 limit_500 为指数 50 至 500 的浓度限值，没有的为空；above 为高于最后
-- 一个限值时的指数。浓度为负的为空。
CREATE OR REPLACE MACRO aqi_by_limits(
    concentration, limit_50, limit_100, limit_150, limit_200, limit_300, limit_400, limit_500, above
) AS
    CAST(CASE
        WHEN concentration IS NULL OR concentration < 0 THEN NULL
        WHEN concentration <= limit_50 THEN aqi_between(concentration, 0, limit_50, 0, 50)
        WHEN concentration <= limit_100
            THEN aqi_between(concentration, limit_50, limit_100, 50, 100)
        WHEN concentration <= limit_150
            THEN aqi_between(concentration, limit_100, limit_150, 100, 150)
        WHEN concentration <= limit_200
            THEN aqi_between(concentration, limit_150, limit_200, 150, 200)
        WHEN concentration <= limit_300
            THEN aqi_between(concentration, limit_200, limit_300, 200, 300)
        WHEN concentration <= limit_400
            THEN aqi_between(concentration, limit_300, limit_400, 300, 400)
        WHEN concentration <= limit_500
            THEN aqi_between(concentration, limit_400, limit_500, 400, 500)
        ELSE above
    END AS INTEGER);

-- 按污染物和平均时间查限值，计算分指数；concentration 为双精度数。
CREATE OR REPLACE MACRO aqi_by_pollutant(pollutant, averaging, concentration, day) AS
    CASE WHEN day IS NOT NULL THEN
        CASE concat(pollutant, ' ', averaging)
            WHEN 'SO2 1h' THEN aqi_by_limits(
                concentration, 150, 500, 650, 800, NULL, NULL, NULL,
                CASE WHEN day >= DATE '2026-03-01' THEN 200 END
            )
            WHEN 'SO2 24h' THEN aqi_by_limits(
                concentration, 50, 150, 475, 800, 1600, 2100, 2620, 500
            )
            WHEN 'NO2 1h' THEN aqi_by_limits(
                concentration, 100, 200, 700, 1200, 2340, 3090, 3840, 500
            )
            WHEN 'NO2 24h' THEN aqi_by_limits(concentration, 40, 80, 180, 280, 565, 750, 940, 500)
            WHEN 'CO 1h' THEN aqi_by_limits(concentration, 5, 10, 35, 60, 90, 120, 150, 500)
            WHEN 'CO 24h' THEN aqi_by_limits(concentration, 2, 4, 14, 24, 36, 48, 60, 500)
            WHEN 'O3 1h' THEN aqi_by_limits(concentration, 160, 200, 300, 400, 800, 1000, 1200, 500)
            WHEN 'O3 8h' THEN aqi_by_limits(
                concentration, 100, 160, 215, 265, 800, NULL, NULL,
                CASE WHEN day >= DATE '2026-03-01' THEN 300 END
            )
            WHEN 'PM10 24h' THEN aqi_by_limits(
                concentration, 50, CASE WHEN day < DATE '2026-03-01' THEN 150 ELSE 120 END,
                250, 350, 420, 500, 600, 500
            )
            WHEN 'PM2_5 24h' THEN aqi_by_limits(
                concentration, 35, CASE WHEN day < DATE '2026-03-01' THEN 75 ELSE 60 END,
                115, 150, 250, 350, 500, 500
            )
        END
    END;

-- 空气质量分指数（IAQI）；浓度为负、没有限值的为空。高于最后一个限值的一般为 500；二氧化硫 1 小时、
-- 臭氧 8 小时浓度高于 800 的，2026 年 3 月 1 日起计 200、300，此前为空（由二氧化硫 24 小时、臭氧 1
-- 小时浓度的分指数代替）。
CREATE OR REPLACE MACRO individual_air_quality_index(pollutant, averaging, concentration, day) AS
    aqi_by_pollutant(pollutant, averaging, CAST(concentration AS DOUBLE), day);

-- 某一小时二氧化硫的分指数：2026 年 3 月 1 日前，小时浓度高于 800 的由 24 小时浓度的分指数代替。
CREATE OR REPLACE MACRO hourly_so2_index(so2, so2_24h, day) AS
    CASE WHEN so2 > 800 AND day < DATE '2026-03-01'
        THEN individual_air_quality_index('SO2', '24h', so2_24h, day)
        ELSE individual_air_quality_index('SO2', '1h', so2, day)
    END;
