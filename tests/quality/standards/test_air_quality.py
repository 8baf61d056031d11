"""The air quality index of HJ 633 on its limits, on worked numbers, and in SQL as in Polars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.standards.air_quality import (
    INDEX,
    Breakpoints,
    air_quality_index,
    breakpoints,
    hourly_indices,
    individual_index,
    primary_pollutants,
    with_substitute,
)
from warehouse.engine import MACROS

BEFORE, AFTER = date(2026, 2, 28), date(2026, 3, 1)
MEASURES = sorted({(each.pollutant, each.averaging) for each in breakpoints()})
HOUR = ("SO2", "SO2_24h", "NO2", "CO", "O3", "PM10", "PM2_5")
SLOW = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def shell() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute((MACROS / "air_quality.sql").read_text(encoding="utf-8"))
        yield con


def individual(
    pollutant: str, averaging: str, day: date, *concentrations: float | None
) -> list[int | None]:
    frame = pl.DataFrame({"c": concentrations}, schema={"c": pl.Float64})
    found = individual_index(pollutant, averaging, pl.col("c"), pl.lit(day))
    return frame.select(found.alias("i"))["i"].to_list()


def hour(day: date, **told: float | None) -> tuple[int | None, list[str]]:
    """Index and primary pollutants of an hour with 1 of whatever is not told."""
    frame = pl.DataFrame(
        {name: [told.get(name, 1.0)] for name in HOUR}, dict.fromkeys(HOUR, pl.Float64)
    )
    each = hourly_indices({name: pl.col(name) for name in HOUR}, pl.lit(day))
    row = frame.select(
        air_quality_index(each, pl.lit(day)).alias("index"),
        primary_pollutants(each).alias("primary"),
    )
    return row.row(0)


@pytest.mark.parametrize(
    "points", breakpoints(), ids=lambda p: f"{p.pollutant}-{p.averaging}-{p.valid_to}"
)
def test_each_limit_has_its_own_index_and_a_trace_more_the_next(points: Breakpoints) -> None:
    day = AFTER if points.valid_to == date.max else BEFORE
    indices = INDEX[: len(points.limits)]
    at = individual(points.pollutant, points.averaging, day, *points.limits)
    assert at == list(indices)
    beyond = individual(
        points.pollutant, points.averaging, day, *(limit + 0.001 for limit in points.limits)
    )
    assert beyond == [*(index + 1 for index in indices[:-1]), points.above]


def test_every_mean_has_limits_on_every_day() -> None:
    for measure in MEASURES:
        periods = sorted(
            (each.valid_from, each.valid_to)
            for each in breakpoints()
            if (each.pollutant, each.averaging) == measure
        )
        assert (periods[0][0], periods[-1][1]) == (date.min, date.max)
        assert all((later - ended).days == 1 for (_, ended), (later, _) in pairwise(periods))


def test_the_limits_of_particles_changed_on_the_first_of_march_2026() -> None:
    assert individual("PM2_5", "24h", BEFORE, 60, 75, 115) == [82, 100, 150]
    assert individual("PM2_5", "24h", AFTER, 60, 75, 115) == [100, 114, 150]
    assert individual("PM10", "24h", BEFORE, 120, 150, 250) == [85, 100, 150]
    assert individual("PM10", "24h", AFTER, 120, 150, 250) == [100, 112, 150]


def test_an_index_is_rounded_up() -> None:
    assert individual("PM2_5", "24h", BEFORE, 125, 36) == [165, 52]
    assert individual("CO", "1h", BEFORE, 1.7, 0.1) == [17, 1]


def test_what_is_missing_or_negative_has_no_index() -> None:
    assert individual("NO2", "1h", AFTER, None, -1, 0) == [None, None, 0]


def test_a_mean_without_limits_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError, match="PM10 8h"):
        individual_index("PM10", "8h", pl.col("c"), pl.lit(AFTER))


def test_sulphur_dioxide_of_an_hour_above_800_counts_its_day_and_since_march_2026_200() -> None:
    assert hour(BEFORE, SO2=801, SO2_24h=475) == (150, ["SO2"])
    assert hour(BEFORE, SO2=801, SO2_24h=None, PM10=150)[0] == 100
    assert hour(BEFORE, SO2=800, SO2_24h=2620) == (200, ["SO2"])
    assert hour(AFTER, SO2=801, SO2_24h=475) == (200, ["SO2"])


def test_ozone_of_eight_hours_above_800_counts_its_hour_and_since_march_2026_300() -> None:
    frame = pl.DataFrame({"eight": [801.0, 800.0, None], "one": [1000.0, 1000.0, 1000.0]})
    for day, wanted in ((BEFORE, [400, 300, None]), (AFTER, [300, 300, None])):
        found = with_substitute("O3", "8h", pl.col("eight"), ("1h", pl.col("one")), pl.lit(day))
        assert frame.select(found.alias("i"))["i"].to_list() == wanted


def test_up_to_fifty_nothing_is_primary_and_equals_share_the_place() -> None:
    assert hour(AFTER, PM10=50) == (50, [])
    assert hour(AFTER, PM10=120, PM2_5=60) == (100, ["PM10", "PM2_5"])
    assert hour(AFTER, PM10=121, PM2_5=60) == (101, ["PM10"])


def test_since_march_2026_a_missing_pollutant_leaves_no_index_up_to_100() -> None:
    assert hour(BEFORE, O3=None, PM10=120)[0] == 85
    assert hour(AFTER, O3=None, PM10=120)[0] is None
    assert hour(AFTER, O3=None, PM10=121)[0] == 101


def test_a_pollutant_that_the_station_never_monitors_is_not_missing() -> None:
    frame = pl.DataFrame({"CO": [None, None], "O3": [60, 60], "has": [True, False]})
    each = {"CO": pl.col("CO").cast(pl.Int64), "O3": pl.col("O3")}
    index = air_quality_index(each, pl.lit(AFTER), {"CO": pl.col("has")})
    assert frame.select(index.alias("i"))["i"].to_list() == [None, 60]


def test_with_nothing_measured_there_is_no_index() -> None:
    assert hour(BEFORE, **dict.fromkeys(HOUR)) == (None, [])


CONCENTRATIONS = st.lists(
    st.decimals(0, 3000, places=3, allow_nan=False).map(float), min_size=1, max_size=40
)


@SLOW
@given(st.sampled_from(MEASURES), st.sampled_from([BEFORE, AFTER]), CONCENTRATIONS)
def test_a_higher_concentration_never_has_a_lower_index(
    measure: tuple[str, str], day: date, concentrations: list[float]
) -> None:
    found = [i for i in individual(*measure, day, *sorted(concentrations)) if i is not None]
    assert found == sorted(found)


@SLOW
@given(st.sampled_from(MEASURES), st.sampled_from([BEFORE, AFTER]), CONCENTRATIONS)
def test_the_index_is_the_formula_in_exact_fractions(
    measure: tuple[str, str], day: date, concentrations: list[float]
) -> None:
    (points,) = (
        each
        for each in breakpoints()
        if (each.pollutant, each.averaging) == measure and each.valid_from <= day <= each.valid_to
    )

    def exactly(concentration: float) -> int | None:
        value, limits = Fraction(str(concentration)), [Fraction(x) for x in points.limits]
        if value > limits[-1]:
            return points.above
        step = next(i for i in range(1, len(limits)) if value <= limits[i])
        share = (value - limits[step - 1]) / (limits[step] - limits[step - 1])
        return -(-(share * (INDEX[step] - INDEX[step - 1]) + INDEX[step - 1]) // 1)

    assert individual(*measure, day, *concentrations) == [exactly(c) for c in concentrations]


@SLOW
@given(
    st.sampled_from(MEASURES),
    st.sampled_from([BEFORE, AFTER, date(2018, 2, 20)]),
    st.lists(st.none() | st.decimals(-5, 3000, places=3, allow_nan=False), min_size=1, max_size=40),
)
def test_the_macro_says_what_polars_says(
    shell: duckdb.DuckDBPyConnection,
    measure: tuple[str, str],
    day: date,
    concentrations: list[float | None],
) -> None:
    rows = shell.execute(
        "select individual_air_quality_index($1, $2, c::decimal(38, 3), $3) from ("
        "select unnest($4::decimal(18, 3)[]) as c, unnest(range(len($4))) as i) order by i",
        [*measure, day, concentrations],
    ).fetchall()
    assert [row[0] for row in rows] == individual(
        *measure, day, *(None if c is None else float(c) for c in concentrations)
    )


def test_the_macro_knows_the_limits_of_every_mean(shell: duckdb.DuckDBPyConnection) -> None:
    for points in breakpoints():
        day = AFTER if points.valid_to == date.max else BEFORE
        for index, limit in zip(INDEX, points.limits, strict=False):
            query = "select individual_air_quality_index($1, $2, $3, $4)"
            told = [points.pollutant, points.averaging, limit, day]
            assert shell.execute(query, told).fetchall() == [(index,)], told
