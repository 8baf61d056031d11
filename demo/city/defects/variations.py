"""Right values in another form, which nobody may be accused of.

Belongs here: writing a value otherwise without making it wrong. Which columns can vary is declared
under `variations` in `defects.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl

from catalog.models.datasets import Dataset
from demo.city.declared import declaration
from demo.city.defects.kinds import fits
from demo.city.defects.knowledge import Knowledge
from demo.city.form import Form
from demo.city.rng import Bits, Ints
from demo.city.text import EPOCH

_ZERO_WIDTH: Final = "\u200b"
_FULL: Final = {code: code + 0xFEE0 for code in range(0x30, 0x3A)}
_SERIAL_ORIGIN: Final = 25_569
"""1970-01-01 in a spreadsheet's count of days."""

Cells = dict[str, tuple[Ints, pl.Series]]
"""Column → rows, and what stands there."""


def _fifteen(value: str) -> str:
    """The number as it was before 1999, of who was born by then."""
    return value[:6] + value[8:17] if len(value) == 18 and value[6:8] == "19" else value


_OF_TEXT: Final[dict[str, Callable[[str], str]]] = {
    "fullwidth": lambda value: value.translate(_FULL),
    "lower_x": lambda value: value.replace("X", "x"),
    "zero_width": lambda value: value[:1] + _ZERO_WIDTH + value[1:],
    "trailing_blank": lambda value: value + "  ",
    "trailing_quote": lambda value: value + "'",
    "fifteen_digits": _fifteen,
}
_OF_DATE: Final[dict[str, Callable[[Any], str]]] = {
    "slashed_date": lambda day: f"{day.year}/{day.month}/{day.day}",
    "chinese_date": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "compact_date": lambda day: f"{day:%Y%m%d}",
    "serial_date": lambda day: str((day - EPOCH).days + _SERIAL_ORIGIN),
}
_NAME: Final = "name_for_code"


class Variations:
    """The other forms of one dataset's values."""

    def __init__(self, know: Knowledge, dataset: Dataset, form: Form, rate: float) -> None:
        self._know, self._dataset = know, dataset
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

    def of(self, text: pl.DataFrame, facts: pl.DataFrame, identity: Bits, faulty: Ints) -> Cells:
        """Some cells of rows without defect in another form."""
        options = [(way, column) for way, column in self._options if column in text.columns]
        if not options or self._rate <= 0:
            return {}
        chosen = self._draws.chance(identity, self._rate)
        chosen[faulty] = False
        rows = np.flatnonzero(chosen)
        order = sorted({column for _, column in options})
        place = np.array([order.index(column) for _, column in options])
        option = self._draws.integers(identity[rows], 0, len(options), 1)
        varied = {}
        for number in np.unique(place[option]).tolist():
            column, mine = order[number], place[option] == number
            written, known = text[column].gather(rows[mine]), facts[column].gather(rows[mine])
            new = [
                None if value is None else self._in_other_form(options[way], value, fact)
                for way, value, fact in zip(
                    option[mine].tolist(), written.to_list(), known.to_list(), strict=True
                )
            ]
            varied[column] = (rows[mine], pl.Series(new, dtype=pl.String))
        return varied

    def _in_other_form(self, option: tuple[str, str], value: str, fact: Any) -> str:
        way, column = option
        if way in _OF_TEXT:
            return _OF_TEXT[way](value)
        return self._names(column).get(fact, value) if way == _NAME else _OF_DATE[way](fact)

    def _names(self, column: str) -> dict[str, str]:
        """Code → name, of the names that mean one code alone."""
        if column not in self._named:
            catalog = self._know.city.catalog
            table = catalog.element_of(self._dataset.ref, column).code_table or ""
            day = self._know.city.day.isoformat()
            codes = [c for c in catalog.codes(table) if c.valid_to is None or c.valid_to >= day]
            count = Counter(code.name for code in codes)
            self._named[column] = {c.code: c.name for c in codes if count[c.name] == 1}
        return self._named[column]
