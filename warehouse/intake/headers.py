"""Finds which column of the catalogue each header of a file means.

Belongs here: names, nothing else. A header fits a column by English id, Chinese name or alias. Not
here: where the header stands in a file; that is each reader's own question.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.headers import normalise_header
from catalog.models.datasets import Dataset, Shape
from warehouse.intake.model import Unusable

HEADER_SEARCH_ROWS = 20
"""How many rows from the top may hold the header: titles and notes may stand above it."""

_OPERATION_HEADERS = ("_op", "op", "操作类型")


def normalise(header: str) -> str:
    """A header in the form the catalogue compares, control and format characters removed before."""
    kept = (c for c in header if c.isspace() or unicodedata.category(c) not in {"Cf", "Cc"})
    return normalise_header("".join(kept))


class Names:
    """The names under which a dataset's columns may be delivered."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self._known: dict[str, str | None] = {}
        self._known_operations: dict[str, bool] = {}
        self._columns: dict[str, str] = {}
        for column in dataset.columns:
            for name in (column.id, column.name, *column.aliases):
                self._columns.setdefault(normalise(name), column.id)
        self._operations = {normalise(name) for name in _OPERATION_HEADERS}
        if dataset.operation_column:
            self._operations.add(normalise(dataset.operation_column))

    def column_of(self, header: str) -> str | None:
        """Id of the column that a header means."""
        if header not in self._known:
            self._known[header] = self._columns.get(normalise(header))
        return self._known[header]

    def is_operation(self, header: str) -> bool:
        """Whether a header names the operation column (unless it is a column of the dataset)."""
        if header not in self._known_operations:
            found = normalise(header) in self._operations and self.column_of(header) is None
            self._known_operations[header] = found
        return self._known_operations[header]

    def score(self, headers: Sequence[str]) -> int:
        """How many different columns a row of headers names."""
        return len({c for c in map(self.column_of, headers) if c is not None})


@dataclass(frozen=True, slots=True)
class Mapping:
    """What each position of a header means.

    `columns` position → column id; `extras` position → name in `_extra`; `operation` the position
    of the operation column; `missing` the optional columns that are not there.
    """

    columns: dict[int, str]
    extras: dict[int, str]
    operation: int | None
    shape: Shape | None
    missing: tuple[str, ...]


def best_header(names: Names, rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """(index, score) of the row that names most columns, the first one of equals.

    Without any match: the first row with text in it, score 0; (-1, 0) when all rows are blank.
    """
    scores = [names.score(row) for row in rows]
    if scores and max(scores) > 0:
        best = scores.index(max(scores))
        return best, scores[best]
    filled = [i for i, row in enumerate(rows) if any(cell.strip() for cell in row)]
    return (filled[0] if filled else -1), 0


def map_headers(names: Names, headers: Sequence[str], place: str) -> Mapping:
    """Decide what each header means, or raise Unusable `delivery.wrong_header`.

    `place` names file and line (or sheet and row) for the message. Wrong are: a required column
    that is missing, two headers that mean one column, and a header that fits none of the shapes.
    """
    columns: dict[int, str] = {}
    extras: dict[int, str] = {}
    operation: int | None = None
    for position, header in enumerate(headers):
        column = names.column_of(header)
        if column is not None:
            columns[position] = column
        elif operation is None and names.is_operation(header):
            operation = position
        else:
            extras[position] = _extra_name(header, position, extras)
    if not columns:
        _refuse_headless(names.dataset, place)
    _refuse_doubles(names.dataset, columns, headers, place)
    found = set(columns.values())
    shape = _shape_of(names.dataset, found, headers, place)
    given = found | set(shape.constants if shape else ())
    _refuse_missing(names.dataset, given, headers, place)
    missing = tuple(c.id for c in names.dataset.columns if c.may_be_absent and c.id not in given)
    return Mapping(columns, extras, operation, shape, missing)


def _extra_name(header: str, position: int, taken: dict[int, str]) -> str:
    name = header.strip() or f"第{position + 1}列"
    unique, number = name, 2
    while unique in taken.values():
        unique, number = f"{name}_{number}", number + 1
    return unique


def _refuse_headless(dataset: Dataset, place: str) -> None:
    # What stands there is not repeated: without a header it may be the values of a row.
    wanted = _named(dataset, [c.id for c in dataset.columns if c.derived is None])
    raise Unusable(
        "delivery.wrong_header",
        f"{place}：没有找到“{dataset.name}”的表头（前 {HEADER_SEARCH_ROWS} 行中没有一列能对上）。"
        f"应有的列：{wanted}。",
        place,
    )


def _refuse_doubles(
    dataset: Dataset, columns: dict[int, str], headers: Sequence[str], place: str
) -> None:
    for column in dataset.columns:
        positions = [p for p, c in columns.items() if c == column.id]
        if len(positions) > 1:
            listed = "、".join(f"第 {p + 1} 列“{headers[p].strip()}”" for p in positions)
            raise Unusable(
                "delivery.wrong_header",
                f"{place}：表头里有 {len(positions)} 列都表示“{column.name}”（{listed}），"
                "每个数据项只能有一列。请删去或改名后再提交。",
                place,
            )


def _shape_of(
    dataset: Dataset, found: set[str], headers: Sequence[str], place: str
) -> Shape | None:
    if not dataset.shapes:
        return None
    for shape in dataset.shapes:
        if found.issuperset(shape.requires) and found.isdisjoint(shape.excludes):
            return shape
    wanted = "；或 ".join(_named(dataset, shape.requires) for shape in dataset.shapes)
    raise Unusable(
        "delivery.wrong_header",
        f"{place}：表头与“{dataset.name}”约定的任何一种样式都不符。"
        f"应当含有：{wanted}。实际表头：{_listed(headers)}。",
        place,
    )


def _refuse_missing(dataset: Dataset, given: set[str], headers: Sequence[str], place: str) -> None:
    absent = [
        c.id
        for c in dataset.columns
        if not c.may_be_absent and c.derived is None and c.id not in given
    ]
    if absent:
        raise Unusable(
            "delivery.wrong_header",
            f"{place}：表头缺少“{dataset.name}”的必备列：{_named(dataset, absent)}。"
            f"实际表头：{_listed(headers)}。",
            place,
        )


def _named(dataset: Dataset, columns: Sequence[str]) -> str:
    return "、".join(f"{dataset.column(c).name}({c})" for c in columns)


def _listed(headers: Sequence[str]) -> str:
    shown = [h.strip()[:40] or "（空）" for h in headers[:60]]
    return "、".join(shown) + ("……" if len(headers) > len(shown) else "") if shown else "（无）"
