"""Right values in another form, which nobody may be accused of.

Belongs here: writing a value otherwise without making it wrong. Which columns can vary is declared
under `variations` in `defects.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final

import numpy as np
import polars as pl

from catalog.models import Dataset
from demo.city.declared import declaration
from demo.city.defects.damage import mapped
from demo.city.defects.kinds import fits
from demo.city.defects.knowledge import Knowledge
from demo.city.form import Form
from demo.city.rng import Bits, Ints

_ZERO_WIDTH: Final = "\u200b"
_FULL: Final = {code: code + 0xFEE0 for code in range(0x30, 0x3A)}
_SERIAL_ORIGIN: Final = 25_569
"""1970-01-01 in a spreadsheet's count of days."""

Vary = Callable[[pl.Series, pl.Series, Ints, dict[str, str]], pl.Series]
"""(written values, standard values, picks, code → another name) → the values in another form."""


def _mapped(change: Callable[[str, int], str | None]) -> Vary:
    return lambda written, fact, pick, names: mapped(written, change, pick)


def _dated(form: str) -> Vary:
    return lambda written, fact, pick, names: fact.dt.strftime(form)


def _fifteen(value: str, _: int) -> str:
    return value[:6] + value[8:17] if len(value) == 18 and value[6:8] == "19" else value


_WAYS: Final[dict[str, Vary]] = {
    "fullwidth": _mapped(lambda value, _: value.translate(_FULL)),
    "lower_x": _mapped(lambda value, _: value.replace("X", "x")),
    "zero_width": _mapped(lambda value, _: value[:1] + _ZERO_WIDTH + value[1:]),
    "trailing_blank": _mapped(lambda value, pick: value + " " * (1 + pick % 3)),
    "trailing_quote": _mapped(lambda value, _: value + "'"),
    "slashed_date": _dated("%Y/%-m/%-d"),
    "chinese_date": _dated("%Y年%-m月%-d日"),
    "compact_date": _dated("%Y%m%d"),
    "serial_date": lambda written, fact, pick, names: (
        (fact.cast(pl.Int32) + _SERIAL_ORIGIN).cast(pl.String)
    ),
    "fifteen_digits": _mapped(_fifteen),
    "name_for_code": lambda written, fact, pick, names: fact.replace(names),
}


class Variations:
    """The other forms of one dataset's values."""

    def __init__(self, know: Knowledge, dataset: Dataset, form: Form, rate: float) -> None:
        self._know, self._dataset, self._form = know, dataset, form
        self._rate = rate * declaration("defects")["variations_per_defect"]
        self._draws = know.city.draws(f"variations/{dataset.ref}")
        self._named: dict[str, dict[str, str]] = {}
        catalog = know.city.catalog
        self._options = [
            (way, column.id)
            for way, asked in declaration("defects")["variations"].items()
            if way != "zero_width" or form.encoding != "gbk"  # GBK has no such character.
            for column in dataset.columns
            if fits(dataset, column, catalog.elements[column.element], form, asked)
        ]

    def of(
        self, text: pl.DataFrame, facts: pl.DataFrame, identity: Bits, faulty: Ints
    ) -> pl.DataFrame:
        """The text with some cells of rows without defect written otherwise."""
        options = [(way, column) for way, column in self._options if column in text.columns]
        if not options or self._rate <= 0:
            return text
        chosen = self._draws.chance(identity, self._rate)
        chosen[faulty] = False
        rows = np.flatnonzero(chosen)
        option = self._draws.integers(identity[rows], 0, len(options), 1)
        picks = self._draws.integers(identity[rows], 0, 1000, 2)
        places: dict[str, list[Ints]] = {}
        parts: dict[str, list[pl.Series]] = {}
        for number in np.unique(option).tolist():
            (way, column), mine = options[number], option == number
            at = rows[mine]
            written, fact = text[column].gather(at), facts[column].gather(at)
            varied = _WAYS[way](written, fact, picks[mine], self._names(column))
            places.setdefault(column, []).append(at)
            parts.setdefault(column, []).append(varied)
        return text.with_columns(
            text[name].scatter(np.concatenate(places[name]), pl.concat(parts[name]))
            for name in places
        )

    def _names(self, column: str) -> dict[str, str]:
        """Code → name, of the names that mean one code alone."""
        catalog = self._know.city.catalog
        table = catalog.element_of(self._dataset.ref, column).code_table
        if table is None:
            return {}
        if table not in self._named:
            day = self._know.city.day.isoformat()
            codes = [c for c in catalog.codes(table) if c.valid_to is None or c.valid_to >= day]
            count = Counter(code.name for code in codes)
            self._named[table] = {c.code: c.name for c in codes if count[c.name] == 1}
        return self._named[table]
