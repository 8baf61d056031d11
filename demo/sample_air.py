"""The sample's air quality: 20 invented stations, three hours, GeoJSON with numbers as text.

Belongs here: readings that follow from each other as HJ 633 asks (PM by the hour, breakpoints in
force from 2026-03-01), and which defects stand in which feature.
"""

from __future__ import annotations

import math
from typing import Final

from demo.delivery import Delivery

HEADERS = {
    "aqi": "aqi", "city": "area", "city_no": "citycode", "co": "co", "co_24h": "co_24h",
    "is_published": "ispublish", "advice": "measure", "no2": "no2", "no2_24h": "no2_24h",
    "o3": "o3", "o3_24h": "o3_24h", "o3_8h": "o3_8h", "o3_8h_24h": "o3_8h_24h",
    "order_no": "orderid", "pm10": "pm10", "pm10_24h": "pm10_24h", "pm2_5": "pm2_5",
    "pm2_5_24h": "pm2_5_24h", "station_name": "positionname",
    "primary_pollutant": "primarypollutant", "province_no": "provinceid",
    "quality_level": "quality", "so2": "so2", "so2_24h": "so2_24h", "station_code": "stationcode",
    "observed_at": "timepoint", "health_effect": "unheathful", "lon": "", "lat": "",
}  # fmt: skip
"""Column id → property name, in the order of the real file; the point holds lon and lat."""

LEVELS: Final = (
    (100, "良", "空气质量可接受，但某些污染物可能对极少数异常敏感人群健康有较弱影响",
     "极少数异常敏感人群应减少户外活动"),
    (150, "轻度污染", "易感人群症状有轻度加剧，健康人群出现刺激症状",
     "儿童、老年人及心脏病、呼吸系统疾病患者应减少长时间、高强度的户外锻炼"),
)  # fmt: skip
"""Highest index of a level, its name, effect and advice, HJ 633 table 2."""

INDEX = (0, 50, 100, 150, 200)
PM10_LIMITS = (0, 50, 120, 250, 350)
PM2_5_LIMITS = (0, 35, 60, 115, 150)
AREAS = ("淄博市", "济南市", "青岛市", "潍坊市")
NO_VALUE = "-;"
STATIONS = 20
READINGS = (
    "aqi", "quality_level", "primary_pollutant", "so2", "so2_24h", "no2", "no2_24h", "co",
    "co_24h", "o3", "o3_24h", "o3_8h", "o3_8h_24h", "pm10", "pm10_24h", "pm2_5", "pm2_5_24h",
    "advice", "health_effect",
)  # fmt: skip


def air_hourly(corrected: bool) -> Delivery:
    """60 features: 20 stations at 07, 08 and 09 o'clock; the corrected delivery repeats them."""
    file = f"air_quality_stations_{'2026-10-15T09' if corrected else '2026-09-30T09'}.json"
    rows = [_feature(station, hour) for hour in (7, 8, 9) for station in range(STATIONS)]
    delivery = Delivery("ecology", "air_hourly", file, HEADERS, rows, corrected)
    plant = delivery.plant
    for column in READINGS:
        plant(4, column, NO_VALUE, "null_word", "站点没有数据，以“-;”表示", stays=True)
    plant(7, "pm10", NO_VALUE, "null_word", "以“-;”表示空值")
    plant(10, "pm2_5", "-12", "range", "负的浓度")
    plant(13, "pm10", "98500", "range", "不可能的浓度")
    plant(16, "so2", "N/A", "null_word", "以字样表示空值")
    plant(19, "co", "偏高", "unreadable", "不是数值")
    plant(22, "no2", "４１", "fullwidth", "全角数字", kind="normalisation")
    plant(25, "quality_level", "重度污染", "row.level_follows_aqi", "级别与指数不对应")
    plant(28, "primary_pollutant", "", "row.primary_pollutant_stated", "没有首要污染物")
    _plant_places_and_times(delivery)
    return delivery


def _plant_places_and_times(delivery: Delivery) -> None:
    plant = delivery.plant
    lon, lat = delivery.rows[30]["lon"], delivery.rows[30]["lat"]
    plant(31, "lon", lat, "range", "经纬度颠倒")
    plant(31, "lat", lon, "range", "经纬度颠倒")
    for axis in ("lon", "lat"):
        plant(34, axis, "0.0", "range", "坐标为零", stays=True)
    plant(37, "observed_at", "2026-09-30 08:61:00", "unreadable", "不存在的时刻")
    plant(40, "station_code", "", "required", "站点编码为空")
    if not delivery.corrected:
        for row, column in ((37, "observed_at"), (40, "station_code")):
            delivery.expect(row, column, "quarantine", "key.missing", "无法形成主键")
    plant(43, "observed_at", "2026-12-24T09:00:00", "future_date", "晚于数据日期", stays=True)
    plant(46, "aqi", "700", "range", "指数超过500")
    plant(49, "station_code", "站点9901", "pattern", "不是站点编码", stays=True)
    plant(52, "station_code", delivery.rows[50]["station_code"], "row.duplicate_key",
          "同站同时与第51行重复")  # fmt: skip


def _feature(station: int, hour: int) -> dict[str, str]:
    """A right feature; every index lies between 51 and 150."""
    pm10 = 60 + (station * 17 + hour * 29) % 150
    pm2_5 = pm10 // 2 + 8
    indexes = {
        "颗粒物(PM10)": _index(pm10, PM10_LIMITS),
        "细颗粒物(PM2.5)": _index(pm2_5, PM2_5_LIMITS),
    }
    aqi = max(indexes.values())
    pollutants = [name for name, index in indexes.items() if index == aqi]
    level, effect, advice = next(rest for highest, *rest in LEVELS if aqi <= highest)
    return {
        "aqi": str(aqi), "city": AREAS[station % len(AREAS)], "city_no": "0",
        "co": f"{0.5 + station % 9 / 10:.1f}", "co_24h": f"{0.6 + station % 7 / 10:.1f}",
        "is_published": "true", "advice": advice, "no2": str(20 + station * 3 % 40),
        "no2_24h": str(25 + station * 5 % 30), "o3": str(40 + (station * 11 + hour) % 80),
        "o3_24h": str(60 + station * 7 % 80), "o3_8h": str(30 + station * 3 % 60),
        "o3_8h_24h": str(50 + station % 50), "order_no": "1", "pm10": str(pm10),
        "pm10_24h": str(pm10 - 5), "pm2_5": str(pm2_5), "pm2_5_24h": str(pm2_5 - 3),
        "station_name": f"示例站{station + 1:02d}", "primary_pollutant": "、".join(pollutants),
        "province_no": "0", "quality_level": level, "so2": str(10 + station % 30),
        "so2_24h": str(12 + station % 25), "station_code": f"99{station + 1:02d}X",
        "observed_at": f"2026-09-30T{hour:02d}:00:00", "health_effect": effect,
        "lon": f"{117.9 + station * 0.02:.4f}", "lat": f"{36.5 + station * 0.01:.4f}",
    }  # fmt: skip


def _index(concentration: int, limits: tuple[int, ...]) -> int:
    """Individual index of a concentration within the breakpoints, rounded up."""
    step = next(i for i in range(1, len(limits)) if concentration <= limits[i])
    low, high = limits[step - 1], limits[step]
    share = (INDEX[step] - INDEX[step - 1]) * (concentration - low) / (high - low)
    return math.ceil(share + INDEX[step - 1])
