"""Whether a cross-field condition means the same to Polars and to DuckDB.

Belongs here: evaluating the conditions of a dataset on both engines over generated rows. The pass
judges with Polars, the second opinion with DuckDB: a condition that they read differently would
make every delivery's verdict fail.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, TypeAlias

from catalog.models.datasets import Dataset
from catalog.models.elements import Element, ElementType
from catalog.models.rules import CrossFieldRule

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from catalog.load import Catalog

ROWS = 400
"""Generated rows; one value in six is null."""

Value: TypeAlias = str | int | Decimal | date | datetime | bool | None
Row: TypeAlias = dict[str, Value]

_NUMBER = re.compile(r"(?<![\w.'])\d+(?:\.\d+)?")
_TEXT = re.compile(r"'((?:[^']|'')*)'")


def check_condition(rule: CrossFieldRule, dataset: Dataset, catalog: Catalog) -> list[str]:
    """What is wrong with one condition, in Chinese; empty when both engines agree on it."""
    return _check(dataset, catalog, (rule,)).get(rule.id, [])


def check_conditions(dataset: Dataset, catalog: Catalog) -> dict[str, list[str]]:
    """What is wrong with the conditions of a dataset: rule id → faults, those without left out."""
    return _check(dataset, catalog, dataset.rules)


def _check(
    dataset: Dataset, catalog: Catalog, rules: Sequence[CrossFieldRule]
) -> dict[str, list[str]]:
    import polars as pl  # noqa: PLC0415 - `lakehouse --help` comes by here

    faults: dict[str, list[str]] = {}
    asked: dict[str, tuple[CrossFieldRule, pl.Expr]] = {}
    known = {column.id for column in dataset.columns}
    for rule in rules:
        try:
            expression = pl.sql_expr(rule.check)
        except Exception as error:  # the parser's errors have no common base
            faults[rule.id] = [f"Polars 不能理解条件：{_first_line(error)}"]
            continue
        unknown = sorted({*expression.meta.root_names(), *rule.columns} - known)
        if unknown:
            faults[rule.id] = [f"条件用到数据集中没有的列：{'、'.join(unknown)}"]
        else:
            asked[rule.id] = rule, expression
    if asked:
        for rule_id, found in _compare(dataset, catalog, asked):
            faults.setdefault(rule_id, []).append(found)
    return faults


def _compare(
    dataset: Dataset, catalog: Catalog, asked: dict[str, tuple[CrossFieldRule, pl.Expr]]
) -> Iterator[tuple[str, str]]:
    import polars as pl  # noqa: PLC0415

    from quality.standards.reading import dtype_of  # noqa: PLC0415

    roots = {name for _, expression in asked.values() for name in expression.meta.root_names()}
    names = [column.id for column in dataset.columns if column.id in roots]
    elements = {name: catalog.element_of(dataset.ref, name) for name in names}
    rows = _rows(elements, [rule.check for rule, _ in asked.values()])
    frame = pl.DataFrame(
        rows, schema={name: dtype_of(element) for name, element in elements.items()}
    )
    on_duckdb = _DuckDB(elements, rows)
    together = on_duckdb.answers([rule.check for rule, _ in asked.values()])
    for position, (rule_id, (rule, expression)) in enumerate(asked.items()):
        answers = together[position] if isinstance(together, list) else None
        if answers is None:
            alone = on_duckdb.answers([rule.check])
            if isinstance(alone, str):
                yield rule_id, f"DuckDB 不能执行条件：{alone}"
                continue
            answers = alone[0]
        try:
            on_polars = frame.select(expression.alias("answer")).to_series()
        except Exception as error:
            yield rule_id, f"Polars 不能执行条件：{_first_line(error)}"
            continue
        if on_polars.dtype != pl.Boolean() or any(
            answer is not None and not isinstance(answer, bool) for answer in answers
        ):
            yield rule_id, "条件的结果应为真或假"
            continue
        different = [
            row
            for row, mine, other in zip(rows, on_polars, answers, strict=True)
            if mine is not other
        ]
        if different:
            used = expression.meta.root_names()
            example = "，".join(f"{name}={different[0][name]}" for name in names if name in used)
            yield rule_id, f"Polars 与 DuckDB 对条件的判断不同，例如 {example}"


class _DuckDB:
    """Generated rows in a DuckDB of their own."""

    def __init__(self, elements: dict[str, Element], rows: list[Row]) -> None:
        import duckdb  # noqa: PLC0415

        self.error = duckdb.Error
        self.con: duckdb.DuckDBPyConnection = duckdb.connect()
        columns = ", ".join(
            _literal(name, '"') + " " + _duckdb_type(element) for name, element in elements.items()
        )
        values = ", ".join(f"({', '.join(_sql(row[n]) for n in elements)})" for row in rows)
        self.con.execute(f"CREATE TABLE generated ({columns})")
        self.con.execute(f"INSERT INTO generated VALUES {values}")

    def answers(self, checks: Sequence[str]) -> list[list[object]] | str:
        """What each condition is on each row, or what DuckDB says against them."""
        asked = ", ".join(f"({check})" for check in checks)
        try:
            rows = self.con.execute(f"SELECT {asked} FROM generated ORDER BY rowid").fetchall()
        except self.error as error:
            return _first_line(error)
        return [list(answers) for answers in zip(*rows, strict=True)]


def _rows(elements: dict[str, Element], checks: Sequence[str]) -> list[Row]:
    """Rows of values around those that the conditions mention. The same in every run."""
    numbers = [Decimal(text) for check in checks for text in _NUMBER.findall(check)]
    texts = [text for check in checks for text in _TEXT.findall(check)]
    chance = random.Random(0)
    pools = {name: _pool(element, numbers, texts) for name, element in elements.items()}
    return [
        {
            name: None if chance.random() < 1 / 6 else chance.choice(pool)
            for name, pool in pools.items()
        }
        for _ in range(ROWS)
    ]


def _pool(element: Element, numbers: list[Decimal], texts: list[str]) -> list[Value]:
    """Values of the element's type that are likely to make a difference."""
    match element.type:
        case ElementType.TEXT | ElementType.CODE:
            return ["", element.example, element.example.lower(), "淄博", *texts]
        case ElementType.BOOLEAN:
            return [True, False]
        case ElementType.INTEGER:
            near = [int(number) + step for number in numbers for step in (-1, 0, 1)]
            return [0, 1, -1, 2, 7, *near]
        case ElementType.DECIMAL:
            step = Decimal(1).scaleb(-element.scale)
            around = [number + move for number in numbers for move in (-step, Decimal(0), step)]
            some = [Decimal(text) for text in ("0", "1", "-1", "0.5", "3", "10", "12.3456")]
            return [number.quantize(step, ROUND_HALF_EVEN) for number in (*some, *around)]
        case ElementType.DATE | ElementType.DATETIME:
            days = [date(1950, 1, 1), date(2000, 2, 29), date(2018, 12, 31), date(2026, 3, 1)]
            days += [day for text in texts if (day := _day(text)) is not None]
            days += [day + timedelta(days=1) for day in days]
            if element.type is ElementType.DATE:
                return list(days)
            return [datetime(d.year, d.month, d.day, hour) for d in days for hour in (0, 13)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _duckdb_type(element: Element) -> str:
    match element.type:
        case ElementType.TEXT | ElementType.CODE:
            return "VARCHAR"
        case ElementType.INTEGER:
            return "BIGINT"
        case ElementType.DECIMAL:
            return f"DECIMAL(38, {element.scale})"
        case ElementType.DATE:
            return "DATE"
        case ElementType.DATETIME:
            return "TIMESTAMP"
        case ElementType.BOOLEAN:
            return "BOOLEAN"


def _sql(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return _literal(str(value), "'")


def _literal(text: str, quote: str) -> str:
    return quote + text.replace(quote, quote * 2) + quote


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
