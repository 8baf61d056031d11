"""A delivery in the making: clean rows, and the defects planted in them with their labels.

Belongs here: planting and labelling, whatever the dataset. What is planted where stands in
`demo.sample_*`; the file formats stand in `demo.writers` and `demo.biff`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["rule", "quarantine", "reject", "normalisation"]
"""What is expected of a planted place: a rule fails; the row has no key; the record can't be read
as a row; or the value is brought to standard form, which is counted and is no defect."""


@dataclass(frozen=True, slots=True)
class Label:
    """A planted place. `row` is the record's 1-based ordinal below the header.

    `rule` is `<column>.<kind>` or `row.<id>`; for a normalisation `<column>.<normalisation>`.
    `corrected` says whether the second, corrected delivery is right there.
    """

    row: int
    column: str
    kind: Kind
    rule: str
    corrected: bool
    note: str


@dataclass(slots=True)
class Delivery:
    """One file: where it is landed, its headers by column id, and its rows.

    `ragged` maps a row's ordinal to the fields it is written with instead of its columns.
    """

    deliverer: str
    dataset: str
    file: str
    headers: dict[str, str]
    rows: list[dict[str, str]]
    corrected: bool
    labels: list[Label] = field(default_factory=list)
    ragged: dict[int, list[str]] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Path below the landing folder."""
        return f"{self.deliverer}/{self.dataset}/{self.file}"

    def plant(
        self,
        row: int,
        column: str,
        value: str,
        rules: str,
        note: str,
        *,
        kind: Kind = "rule",
        stays: bool = False,
    ) -> None:
        """Put `value` into a cell and label it once for each of the `rules` (blank between them).

        A rule without a dot is that kind of rule of the column. Unless the defect `stays`, the
        corrected delivery keeps the right value and gets no label.
        """
        if self.corrected and not stays:
            return
        self.rows[row - 1][column] = value
        for rule in rules.split():
            full = rule if "." in rule else f"{column}.{rule}"
            self.expect(row, column, kind, full, note, stays=stays)

    def expect(
        self, row: int, column: str, kind: Kind, rule: str, note: str, *, stays: bool = False
    ) -> None:
        """Label a place whose cells are already as they shall be."""
        self.labels.append(Label(row, column, kind, rule, not stays, note))

    def plant_ragged(self, row: int, fields: list[str], note: str) -> None:
        """Write a row with another number of fields than the header has."""
        if not self.corrected:
            self.ragged[row] = fields
            self.expect(row, "", "reject", "record.ragged", note)

    def records(self) -> list[list[str]]:
        """Header and rows as they are written."""
        columns = list(self.headers)
        return [
            list(self.headers.values()),
            *(
                self.ragged.get(number, [row[column] for column in columns])
                for number, row in enumerate(self.rows, start=1)
            ),
        ]
