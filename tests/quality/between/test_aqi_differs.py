"""Indices and primary pollutants that do not follow from an hour's own concentrations."""

from __future__ import annotations

from tests.quality.between.tables import Tables

HOURS = "ecology/air_hourly"
STATIONS = "ecology/air_stations"
NAMES = (
    "station_code | observed_at | aqi | primary_pollutant | so2 | so2_24h | no2 | co | o3 | "
    "pm10 | pm2_5 | pm10_24h | pm2_5_24h"
)
OLD, NEW = "2018-02-20 07:00:00", "2026-03-01 00:00:00"


def found(rule: str, *rows: str, stations: str = "") -> dict[str, str]:
    """Station → detail of what is found of rows without the means of 24 hours after them."""
    tables = Tables(rule)
    if stations:
        tables.put(STATIONS, f"station_code | monitored\n{stations}")
    full = [row if row.count("|") == 12 else f"{row} | | " for row in rows]
    tables.put(HOURS, "\n".join((NAMES, *full)))
    tables.found()
    return {
        key.split("\x1f")[0]: detail
        for key, detail in tables.con.execute("select key, detail from between_findings").fetchall()
    }


def test_an_index_is_held_against_the_concentrations_by_the_limits_of_its_date() -> None:
    assert found(
        "aqi_differs",
        f"published | {OLD} | 165 | PM2_5 | 33 | 27 | 53 | 1.7 | 136 | 178 | 125",
        f"off       | {OLD} | 156 | PM2_5 | 33 | 27 | 53 | 1.7 | 136 | 178 | 125",
        f"old       | {NEW} | 82  | PM2_5 | 33 | 27 | 53 | 1.7 | 136 | 50  | 60",
        f"new       | {NEW} | 100 | PM2_5 | 33 | 27 | 53 | 1.7 | 136 | 50  | 60",
    ) == {
        "off": "按当时各项污染物的浓度计算，应为 165",
        "old": "按当时各项污染物的浓度计算，应为 100",
    }


def test_the_particles_may_be_those_of_24_hours() -> None:
    row = f"{{}} | {OLD} | {{}} | PM2_5 | 33 | 27 | 53 | 1.7 | 136 | 178 | 125 | 132 | 82"
    rows = [row.format("hour", 165), row.format("day", 109), row.format("neither", 110)]
    assert set(found("aqi_differs", *rows)) == {"neither"}


def test_what_is_blank_or_in_doubt_accuses_nobody() -> None:
    assert not found(
        "aqi_differs",
        f"no_index | {NEW} | | | 33 | 27 | 53 | 1.7 | 136 | 178 | 125",
        f"silent   | {OLD} | 99 | | | | | | | |",
        f"negative | {OLD} | 99 | | 33 | 27 | 53 | 1.7 | 136 | 178 | -125",
        f"too_high | {OLD} | 99 | | 33 | 27 | 53 | 1.7 | 136 | 98500 | 125",
    )


def test_with_a_pollutant_missing_an_index_can_only_be_too_low() -> None:
    row = f"{{}} | {OLD} | {{}} | | 33 | 27 | 53 | 1.7 | 136 | | 125"
    rows = [row.format("same", 165), row.format("higher", 180), row.format("lower", 164)]
    assert found("aqi_differs", *rows) == {"lower": "按已有的各项浓度计算，至少应为 165"}


def test_since_march_2026_a_monitored_pollutant_that_is_missing_leaves_no_index_up_to_100() -> None:
    row = "{} | {} | {} | | 33 | 27 | 53 | 1.7 | | {} | 30"
    rows = [
        row.format("before", OLD, 50, 50),
        row.format("since", NEW, 50, 50),
        row.format("high", NEW, 101, 121),
        row.format("no_ozone", NEW, 50, 50),
        row.format("unknown", NEW, 50, 50),
    ]
    everything = "SO2;NO2;CO;O3;PM10;PM2_5"
    stations = "\n".join(
        [
            *(f"{name} | {everything}" for name in ("before", "since", "high")),
            f"no_ozone | {everything.replace('O3;', '')}",
        ]
    )
    assert found("aqi_differs", *rows, stations=stations) == {
        "since": "站点监测的污染物缺少浓度，指数又不大于100，应当留空"
    }


def test_what_a_station_never_monitors_is_not_missing() -> None:
    row = f"{{}} | {NEW} | {{}} | | 33 | 27 | 53 | 1.7 | | 50 | 30"
    station = "{} | SO2;NO2;CO;PM10;PM2_5"
    names = ("right", "wrong")
    assert set(
        found(
            "aqi_differs",
            row.format("right", 50),
            row.format("wrong", 60),
            stations="\n".join(station.format(name) for name in names),
        )
    ) == {"wrong"}


def test_sulphur_dioxide_above_800_is_judged_by_the_rule_of_the_date() -> None:
    row = "{} | {} | {} | SO2 | 900 | 475 | 53 | 1.7 | 136 | 50 | 30"
    rows = [
        row.format("day", OLD, 150),
        row.format("hour", OLD, 200),
        row.format("capped", NEW, 200),
        row.format("as_before", NEW, 150),
    ]
    assert set(found("aqi_differs", *rows)) == {"hour", "as_before"}


def test_a_primary_pollutant_has_the_highest_index_and_all_that_share_it() -> None:
    row = f"{{}} | {NEW} | {{}} | {{}} | 33 | 27 | 53 | 1.7 | 136 | {{}} | 60"
    rows = [
        row.format("right", 100, "PM2_5", 50),
        row.format("other", 100, "PM10", 50),
        row.format("both", 100, "PM10+PM2_5", 120),
        row.format("one", 100, "PM10", 120),
        row.format("too_many", 100, "PM10+PM2_5", 118),
        row.format("blank", 100, "", 50),
        row.format("words", 100, "详见附件", 50),
        row.format("wrong_index", 99, "PM10", 50),
    ]
    assert found("primary_pollutant_differs", *rows) == {
        "other": "按当时各项污染物的浓度计算，应为 PM2_5",
        "one": "按当时各项污染物的浓度计算，应为 PM10+PM2_5",
        "too_many": "按当时各项污染物的浓度计算，应为 PM2_5",
    }


def test_of_three_that_share_the_place_any_two_are_enough() -> None:
    row = f"{{}} | {NEW} | 100 | {{}} | 33 | 27 | 200 | 1.7 | 136 | 120 | 60"
    rows = [
        row.format("two", "NO2+PM2_5"),
        row.format("one", "PM10"),
        row.format("wrong", "CO+PM10"),
    ]
    assert set(found("primary_pollutant_differs", *rows)) == {"one", "wrong"}


def test_up_to_fifty_no_pollutant_is_primary() -> None:
    row = f"{{}} | {NEW} | 50 | {{}} | 33 | 27 | 53 | 1.7 | 136 | 50 | 30"
    rows = [row.format("none", ""), row.format("named", "PM10")]
    assert found("primary_pollutant_differs", *rows) == {
        "named": "空气质量指数不大于50，没有首要污染物"
    }
