"""The air quality index of HJ 633: individual indices, the index, the primary pollutants.

Belongs here: the formula and its special cases over columns of concentrations, each row judged by
the limits of its own date. The limits and their periods of validity stand in
`air_quality_breakpoints.csv`; a macro of `warehouse/macros/air_quality.sql` states all this once
more in SQL. What an agency states is held against it by the rules between datasets.

Units: CO in mg/m³, all others in µg/m³. `pollutant` is a code of the table `monitored_pollutants`,
`averaging` one of 1h, 8h, 24h.

Source: HJ 633-2012 (tables 1 and 2, 4.2-4.4) and its revision in force from 2026-03-01 [F]. Above
the last limit the index is 500 (HJ 633-2012 table 1) [M], but for SO2 of an hour and O3 of eight
hours: until 2026-02-28 they have no index there and another mean of the pollutant counts instead,
from 2026-03-01 they count 200 and 300.

Decided here: the particles of an hour are judged by the limits of the 24-hour mean, whichever mean
the caller has. The national platform publishes the index of an hour with the particles' own hour:
of the 71 stations that state an index in a published hour of Shandong all 71 follow so, and one
with the 24-hour means that the standard names.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

_BREAKPOINTS = Path(__file__).with_name("air_quality_breakpoints.csv")
INDEX = (0, 50, 100, 150, 200, 300, 400, 500)
"""The indices to which the limits of a pollutant belong, in turn (HJ 633-2012 table 1)."""
NO_VALUE_SINCE = date(2026, 3, 1)
"""From this day an index up to 100 with a pollutant missing is no value."""
_DIGITS = 9
"""Binary fractions are a hair off: 50.0000000001 is 50, not 51. A concentration of six decimals
between limits a thousand apart is never so near to a whole index without reaching it."""


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """The limits of one pollutant and mean in one period."""

    pollutant: str
    averaging: str
    limits: tuple[float, ...]
    """One for each of the first indices of `INDEX`."""
    above: int | None
    """The index above the last limit; None where there is none."""
    valid_from: date
    valid_to: date


@cache
def breakpoints() -> tuple[Breakpoints, ...]:
    """All limits, in the order of the file."""
    with _BREAKPOINTS.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Breakpoints(
                row["pollutant"],
                row["averaging"],
                tuple(float(row[f"i{index}"]) for index in INDEX if row[f"i{index}"]),
                int(row["above"]) if row["above"] else None,
                date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
                date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
            )
            for row in csv.DictReader(lines)
        )


def individual_index(
    pollutant: str, averaging: str, concentration: pl.Expr, day: pl.Expr
) -> pl.Expr:
    """IAQI (Int64) of a concentration on a day (Date); null where one is null, the concentration
    is negative, or there is none so high. KeyError for a mean that the standard has no limits of.
    """
    periods = [
        each for each in breakpoints() if (each.pollutant, each.averaging) == (pollutant, averaging)
    ]
    if not periods:
        raise KeyError(f"{pollutant} {averaging}")
    value = concentration.cast(pl.Float64)
    return pl.coalesce(
        pl.when(day.is_between(each.valid_from, each.valid_to)).then(_interpolated(each, value))
        for each in periods
    )


def _interpolated(points: Breakpoints, value: pl.Expr) -> pl.Expr:
    steps = zip(points.limits, points.limits[1:], INDEX, INDEX[1:], strict=False)
    within = [
        pl.when(value <= high).then(
            ((value - low) * ((higher - lower) / (high - low)) + lower).round(_DIGITS).ceil()
        )
        for low, high, lower, higher in steps
    ]
    above = pl.when(value > points.limits[-1]).then(pl.lit(points.above, pl.Float64))
    # The first that is not null: of the steps, the one with the nearest limit above the value.
    return pl.when(value >= 0).then(pl.coalesce(*within, above)).cast(pl.Int64)


def with_substitute(
    pollutant: str,
    averaging: str,
    concentration: pl.Expr,
    substitute: tuple[str, pl.Expr],
    day: pl.Expr,
) -> pl.Expr:
    """IAQI of a concentration, or of another mean (averaging, concentration) where the first is
    given and too high to have one: SO2 of an hour by its 24 hours, O3 of eight hours by its hour.
    """
    found = individual_index(pollutant, averaging, concentration, day)
    other = individual_index(pollutant, substitute[0], substitute[1], day)
    too_high = found.is_null() & (concentration >= 0)
    return pl.when(too_high).then(other).otherwise(found)


def air_quality_index(
    individual: Mapping[str, pl.Expr], day: pl.Expr, monitored: Mapping[str, pl.Expr] | None = None
) -> pl.Expr:
    """AQI (Int64): the highest of the individual indices, by pollutant.

    Null where there is none, and from 2026-03-01 up to 100 with one missing that the station
    monitors (`monitored`: pollutant → Boolean; all where not told).
    """
    index = pl.max_horizontal(*individual.values())
    lacking = pl.any_horizontal(
        found.is_null() & (monitored or {}).get(pollutant, pl.lit(True))
        for pollutant, found in individual.items()
    )
    no_value = (day >= NO_VALUE_SINCE) & lacking & (index <= 100)
    return pl.when(~no_value).then(index)


def primary_pollutants(individual: Mapping[str, pl.Expr]) -> pl.Expr:
    """The pollutants (List of String, in the mapping's order) whose index is the highest; several
    share the place. Empty up to an index of 50, where no pollutant is primary (4.4)."""
    index = pl.max_horizontal(*individual.values())
    named = [
        pl.when(found == index, index > 50).then(pl.lit(pollutant))
        for pollutant, found in individual.items()
    ]
    return pl.concat_list(named).list.drop_nulls()


def hourly_indices(concentrations: Mapping[str, pl.Expr], day: pl.Expr) -> dict[str, pl.Expr]:
    """Individual indices of an hour, by pollutant.

    `concentrations`: the hour's SO2, NO2, CO, O3, PM10 and PM2_5, and SO2_24h, which counts where
    SO2 is above 800 before 2026-03-01.
    """
    of_hour = {
        pollutant: individual_index(pollutant, averaging, concentrations[pollutant], day)
        for pollutant, averaging in (
            ("NO2", "1h"),
            ("CO", "1h"),
            ("O3", "1h"),
            ("PM10", "24h"),
            ("PM2_5", "24h"),
        )
    }
    so2 = with_substitute(
        "SO2", "1h", concentrations["SO2"], ("24h", concentrations["SO2_24h"]), day
    )
    return {"SO2": so2, **of_hour}
