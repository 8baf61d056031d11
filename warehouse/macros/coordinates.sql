-- 坐标宏：GCJ-02（国测局坐标，互联网地图所用）与 CGCS2000 的换算，两点间的距离。
--
-- 经纬度以十进制度数计。换算用公开的近似公式，中国境内误差在几米以内；空值返回空值。
--
-- The shift is defined on the Krasovsky 1940 ellipsoid (semi-major axis 6378245 m, squared
-- eccentricity 0.00669342162296594323), by offsets from 105° E, 35° N.

-- 两点间的距离（米），按纬度展平，用于几十公里以内。
CREATE OR REPLACE MACRO metres_between(lon_a, lat_a, lon_b, lat_b) AS
    sqrt(
        pow((lon_a::DOUBLE - lon_b::DOUBLE) * 111320 * cos(radians((lat_a::DOUBLE + lat_b::DOUBLE) / 2)), 2)
        + pow((lat_a::DOUBLE - lat_b::DOUBLE) * 110950, 2)
    );

-- 公式中随经度波动的部分，x 为东经105度以东的度数。
CREATE OR REPLACE MACRO gcj02_waves(x) AS
    20 * sin(6 * x * pi()) + 20 * sin(2 * x * pi());

-- 向东的偏移（米），x、y 为东经105度以东、北纬35度以北的度数。
CREATE OR REPLACE MACRO gcj02_east(x, y) AS
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    + (
        gcj02_waves(x)
        + 20 * sin(x * pi()) + 40 * sin(x / 3 * pi())
        + 150 * sin(x / 12 * pi()) + 300 * sin(x / 30 * pi())
    ) * 2 / 3;

-- 向北的偏移（米），x、y 同上。
CREATE OR REPLACE MACRO gcj02_north(x, y) AS
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    + (
        gcj02_waves(x)
        + 20 * sin(y * pi()) + 40 * sin(y / 3 * pi())
        + 160 * sin(y / 12 * pi()) + 320 * sin(y * pi() / 30)
    ) * 2 / 3;

-- CGCS2000 点位在 GCJ-02 中的经度。
CREATE OR REPLACE MACRO gcj02_lon(lon, lat) AS
    lon::DOUBLE + gcj02_east(lon::DOUBLE - 105, lat::DOUBLE - 35)
    * 180 * sqrt(1 - 0.00669342162296594323 * pow(sin(radians(lat::DOUBLE)), 2))
    / (6378245 * cos(radians(lat::DOUBLE)) * pi());

-- CGCS2000 点位在 GCJ-02 中的纬度。
CREATE OR REPLACE MACRO gcj02_lat(lon, lat) AS
    lat::DOUBLE + gcj02_north(lon::DOUBLE - 105, lat::DOUBLE - 35)
    * 180 * pow(1 - 0.00669342162296594323 * pow(sin(radians(lat::DOUBLE)), 2), 1.5)
    / (6378245 * (1 - 0.00669342162296594323) * pi());
