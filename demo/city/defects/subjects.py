"""Damages that only the rest of the city shows: people and firms that can't be what the row says.

Belongs here: rows that are right by themselves, and wrong beside other datasets or other rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from demo.city.defects.damage import Changes, Hit, damage, mapped, where
from demo.city.identity import SERIALS, credit_codes
from demo.city.rng import Ints

_NOWHERE: Final = 10**6
"""So many of the last serial numbers no city's organisations reach."""


def _person(hit: Hit, people: Ints, name: str, fits: pl.Series | None = None) -> Changes:
    """Another person's number, and name where the row has one."""
    if not len(people):
        return {}
    chosen = people[hit.number(len(people))]
    known = hit.written.is_not_null()
    known = known if fits is None else known & fits.fill_null(False)
    residents = hit.city.people
    changes = {hit.target.column: where(known, residents.id_no.gather(chosen), hit.written)}
    if name in hit.text.columns:
        changes[name] = where(known, residents.name.gather(chosen), hit.text[name])
    return changes


@damage("dead_person")
def dead_person(hit: Hit) -> Changes:
    """Someone who died is insured, or is paid for a month after the death."""
    dead = hit.know.dead
    if "period" not in hit.facts.columns or not len(dead):
        return _person(hit, dead, "name")
    died = pl.Series(hit.city.people.died[dead[hit.number(len(dead))]]).cast(pl.Date)
    return _person(hit, dead, "name", hit.facts["period"] > died.dt.strftime("%Y-%m"))


@damage("contribution_without_enrolment")
def contribution_without_enrolment(hit: Hit) -> Changes:
    """A contribution for a child, whom nobody employs."""
    return _person(hit, hit.know.children, "name")


@damage("parent_younger")
def parent_younger(hit: Hit) -> Changes:
    """A mother who is a child herself."""
    return _person(hit, hit.know.girls, "mother_name")


@damage("overlapping_marriage")
def overlapping_marriage(hit: Hit) -> Changes:
    """A man whose other marriage lasts."""
    return _person(hit, hit.know.husbands, "name_a")


@damage("double_enrolment")
def double_enrolment(hit: Hit) -> Changes:
    """A second number for a pupil: the temporary one of who has none yet, for who has one."""
    number = "student_no"
    digits = hit.fact.str.slice(0, 17)
    other = pl.select(pl.concat_str(pl.lit("L"), digits, pl.lit("0"))).to_series()
    return {number: where(hit.written.is_not_null(), other, hit.text[number])}


@damage("deregistered_licensed")
def deregistered_licensed(hit: Hit) -> Changes:
    """A licence in force of a firm that is no more."""
    firms = hit.know.deregistered
    if not len(firms):
        return {}
    chosen, units = firms[hit.number(len(firms))], hit.city.units
    return {
        "uscc": units.uscc.gather(chosen),
        "holder": units.name.gather(chosen),
    }


@damage("holder_differs")
def holder_differs(hit: Hit) -> Changes:
    """The name of another firm."""
    names = hit.city.units.name.head(hit.city.units.firms)
    return {hit.target.column: names.gather(hit.number(len(names)))}


@damage("unknown_unit")
def unknown_unit(hit: Hit) -> Changes:
    """A well-formed code that no organisation has."""
    written = hit.fact.fill_null("91370303")
    department = written.str.head(2).to_numpy().astype("S2")
    division = written.str.slice(2, 6).cast(pl.Int64).to_numpy()
    codes = credit_codes(department, division, SERIALS - 1 - hit.number(_NOWHERE))
    return {hit.target.column: where(hit.written.is_not_null(), codes, hit.written)}


@damage("ownership_cycle")
def ownership_cycle(hit: Hit) -> Changes:
    """A firm that belongs to one of its own, or to itself."""
    owned = hit.know.child_of

    def child(uscc: str, _: int) -> str:
        return owned.get(uscc, uscc)

    return {hit.target.column: mapped(hit.facts["uscc"], child, hit.number(1))}


@damage("shares_above_100")
def shares_above_100(hit: Hit) -> Changes:
    """All shares for one of several holders."""
    share = hit.fact.cast(pl.Float64)
    whole = pl.Series(["100"] * len(share), dtype=pl.String)
    return {hit.target.column: where((share > 0) & (share < 95), whole, hit.written)}


@damage("deadline_missed")
def deadline_missed(hit: Hit) -> Changes:
    """Done one to thirty days after the day by which it was due."""
    due = hit.facts["due_at" if "due_at" in hit.facts.columns else "deadline"]
    late = pl.Series((hit.number(30) + 1) * 86_400_000_000).cast(pl.Duration("us"))
    done = (due.cast(pl.Datetime("us")) + late).cast(hit.fact.dtype)
    happened = (done.cast(pl.Date) <= hit.city.day) & hit.fact.is_not_null()
    return {hit.target.column: where(happened, hit.day_text(done), hit.written)}


@damage("stuck_reading")
def stuck_reading(hit: Hit) -> Changes:
    """One value for a whole day of a station: the day's, whatever the hour."""
    value = pl.Series(np.char.mod("%d", hit.number(60) + 20))
    return {hit.target.column: where(hit.written.is_not_null(), value, hit.written)}


@damage("duplicate_key", "ragged_row", "unclosed_quote", "broken_record")
def of_the_record(hit: Hit) -> Changes:
    """Nothing in the row itself: the record is written twice, or so that it can't be read."""
    return {}
