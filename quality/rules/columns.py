"""What can be wrong with one column: its checks in the order in which they explain a value.

Belongs here: the checks that follow from a column and its element. A value that fails several gets
the first: null word, unreadable, required, the format's checks, code, pattern, max_length, range,
sentinel_date, future_date. Rules over several columns and the assigning of bits stand in
`quality.rules.derive`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import polars as pl

from catalog.models.datasets import Column, Dataset
from catalog.models.declared import Standard
from catalog.models.elements import Element, ElementType
from catalog.models.rules import Dimension
from quality.rules.model import Rule
from quality.standards.code_lists import CODE_LIST, SEPARATOR
from quality.standards.dates import FIRST_SENTINEL_YEAR, SENTINELS
from quality.standards.formats import format_of
from quality.standards.lookup import Divisions, in_force, terms
from quality.standards.periods import PERIOD, first_day
from quality.standards.reading import NULL_WORD, UNREADABLE, Context, Format

if TYPE_CHECKING:
    from catalog.load import Catalog

UNASSIGNED = -1
"""Bit of a rule that has none yet."""

DIVISIONS = "gbt2260"
"""Code table of divisions with their history, if the catalogue has one."""

ROW_DAY = r"^([0-9]{4}(?:-[0-9]{2}){0,2})"
"""What a row's date says of its day: all of it, the month, or the year alone."""

Violated = Callable[[pl.Expr, date], pl.Expr]
"""(standard value, as_of) → true where the rule is violated; null counts as not."""


@dataclass(frozen=True, slots=True)
class ColumnCheck:
    """A rule of one column and how it shows: in the reading, or in the standard value."""

    rule: Rule
    failure: int | None = None
    """The reading's `failure` that stands for it."""
    violated: Violated | None = None


def context_of(catalog: Catalog, dataset: Dataset, column: Column, as_of: date) -> Context:
    """What the column's format needs to know to read a delivery of this date."""
    element = catalog.elements[column.element]
    codes = catalog.codes(element.code_table) if element.code_table else ()
    judges = any(check.needs_divisions for check in format_of(element).checks)
    divisions = None
    if judges and DIVISIONS in catalog.code_tables:
        divisions = Divisions.of(catalog.codes(DIVISIONS))
    return Context(element, column, as_of, codes, divisions)


def checks_of(catalog: Catalog, dataset: Dataset, column: Column) -> tuple[ColumnCheck, ...]:
    """All checks of a column in the order in which they are asked; of a retired one, none."""
    if column.retired is not None:
        return ()
    builder = _Builder(catalog, dataset, column, catalog.elements[column.element])
    return tuple(builder.checks())


@dataclass(frozen=True, slots=True)
class _Builder:
    catalog: Catalog
    dataset: Dataset
    column: Column
    element: Element

    def checks(self) -> Iterator[ColumnCheck]:
        chosen = format_of(self.element)
        yield from self._missing(chosen)
        yield from self._of_format(chosen)
        yield from self._of_text()
        if self.element.type in (ElementType.INTEGER, ElementType.DECIMAL):
            yield from self._range()
        if self.element.type in (ElementType.DATE, ElementType.DATETIME):
            yield from self._dates()
        if chosen is PERIOD and not self.element.future_allowed:
            yield self._future(first_day)

    def _missing(self, chosen: Format) -> Iterator[ColumnCheck]:
        required = self.column.required
        yield ColumnCheck(
            self._rule(
                "null_word",
                "{name}用“无”“-”“N/A”等字样表示没有值",
                Dimension.COMPLETENESS if required else Dimension.CONFORMITY,
                how_to_correct="有值的请补填；没有值的请留空，不要用文字或符号代替。",
            ),
            failure=NULL_WORD,
        )
        if chosen.can_be_unreadable:
            yield ColumnCheck(
                self._rule("unreadable", _UNREADABLE[self.element.type], Dimension.CONFORMITY)
                if chosen.id != "money"
                else self._rule("unreadable", _UNREADABLE_MONEY, Dimension.CONFORMITY),
                failure=UNREADABLE,
            )
        if required:
            yield ColumnCheck(
                self._rule(
                    "required",
                    "{name}是必填项，不能为空",
                    Dimension.COMPLETENESS,
                    how_to_correct=f"请补填{self.column.name}。{self.element.how_to_correct}",
                ),
                violated=lambda value, _: value.is_null(),
            )

    def _of_format(self, chosen: Format) -> Iterator[ColumnCheck]:
        for check in chosen.checks:
            if check.needs_divisions and DIVISIONS not in self.catalog.code_tables:
                continue
            rule = self._rule(
                check.kind,
                check.message,
                check.dimension,
                check.severity,
                standard=check.clause,
                version=check.version,
            )
            yield ColumnCheck(rule, failure=chosen.failure_of(check.kind))

    def _of_text(self) -> Iterator[ColumnCheck]:
        element = self.element
        if element.code_table:
            yield self._code(element.code_table)
        if element.pattern is not None:
            pattern = f"^(?:{element.pattern})$"
            yield ColumnCheck(
                self._rule(
                    "pattern", "{name}不符合规定的格式", Dimension.CONFORMITY, element.severity
                ),
                violated=lambda value, _: ~value.str.contains(pattern),
            )
        if element.max_length is not None:
            longest = element.max_length
            yield ColumnCheck(
                self._rule("max_length", f"{{name}}超过{longest}个字", Dimension.CONFORMITY),
                violated=lambda value, _: value.str.len_chars() > longest,
            )

    def _code(self, table_id: str) -> ColumnCheck:
        table = self.catalog.code_tables[table_id]

        several = format_of(self.element) is CODE_LIST

        def not_in_force(value: pl.Expr, as_of: date) -> pl.Expr:
            day = as_of.isoformat()
            if self.column.dated_by:
                return self._outside_term(value, table_id, self.column.dated_by, day)
            known = sorted({c.code for c in self.catalog.codes(table_id) if in_force(c, day)})
            if several:
                unknown = (~pl.element().is_in(known)).any()
                return value.str.split(SEPARATOR).list.eval(unknown).list.first()
            return ~value.is_in(known)

        rule = self._rule(
            "code",
            f"{{name}}{'的各项不全' if several else '不'}是“{table.name}”中现行的代码或名称",
            Dimension.CONFORMITY,
            "query" if table.open else self.element.severity,
            standard=_cited(table.standard),
            # Judged by the delivery's day before.
            version=2 if self.column.dated_by else 1,
        )
        return ColumnCheck(rule, violated=not_in_force)

    def _outside_term(self, value: pl.Expr, table_id: str, dated_by: str, day: str) -> pl.Expr:
        """Whether the code is unknown, or was not in force on the row's own day; of a month, in no
        part of it. `day`: the delivery's, for rows without one."""
        told = terms(self.catalog.codes(table_id))
        own = pl.col(dated_by).cast(pl.String).str.extract(ROW_DAY).fill_null(day)
        start, end = (
            value.replace_strict(
                list(told), [term[place] for term in told.values()], default=None,
                return_dtype=pl.String,
            ).str.head(own.str.len_bytes())
            for place in (0, 1)
        )  # fmt: skip
        known = value.is_in(sorted(told))
        return ~known | (own < start) | (own > end)

    def _range(self) -> Iterator[ColumnCheck]:
        low, high = _number(self.element.minimum), _number(self.element.maximum)
        if low is None and high is None:
            return

        def outside(value: pl.Expr, _: date) -> pl.Expr:
            below = value < pl.lit(low) if low is not None else pl.lit(False)
            above = value > pl.lit(high) if high is not None else pl.lit(False)
            return below | above

        unit = self.element.unit or ""
        if high is None:
            limits = f"小于{low}{unit}"
        elif low is None:
            limits = f"大于{high}{unit}"
        else:
            limits = f"不在{low}至{high}{unit}之间"
        yield ColumnCheck(
            self._rule("range", f"{{name}}{limits}", Dimension.ACCURACY, self.element.severity),
            violated=outside,
        )

    def _dates(self) -> Iterator[ColumnCheck]:
        earliest = self.element.earliest

        def sentinel(value: pl.Expr, _: date) -> pl.Expr:
            day = value.cast(pl.Date)
            found = day.is_in(list(SENTINELS)) | (day.dt.year() >= FIRST_SENTINEL_YEAR)
            return found | (day < date.fromisoformat(earliest)) if earliest else found

        early = f"，或早于{earliest}" if earliest else ""
        yield ColumnCheck(
            self._rule(
                "sentinel_date",
                f"{{name}}是系统默认的占位日期（如1900-01-01、9999-12-31）{early}",
                Dimension.ACCURACY,
            ),
            violated=sentinel,
        )
        if not self.element.future_allowed:
            yield self._future(lambda value: value.cast(pl.Date))

    def _future(self, day: Callable[[pl.Expr], pl.Expr]) -> ColumnCheck:
        return ColumnCheck(
            self._rule("future_date", "{name}晚于这批数据的日期", Dimension.ACCURACY),
            violated=lambda value, as_of: day(value) > as_of,
        )

    def _rule(
        self,
        kind: str,
        message: str,
        dimension: Dimension,
        severity: Literal["error", "query"] = "error",
        *,
        standard: str = "",
        how_to_correct: str = "",
        version: int = 1,
    ) -> Rule:
        entry = f"公共数据目录 {self.dataset.name}·{self.column.name}"
        return Rule(
            id=f"{self.column.id}.{kind}",
            kind=kind,
            columns=(self.column.id,),
            dimension=dimension,
            severity=severity,
            message=message.format(name=self.column.name),
            standard=standard or _cited(self.element.standard) or entry,
            how_to_correct=how_to_correct or self.element.how_to_correct,
            example=self.element.example,
            bit=UNASSIGNED,
            version=version,
        )


_UNREADABLE = {
    ElementType.INTEGER: "{name}不是可识别的整数",
    ElementType.DECIMAL: "{name}不是可识别的数值",
    ElementType.DATE: "{name}不是可识别的日期",
    ElementType.DATETIME: "{name}不是可识别的日期时间",
    ElementType.BOOLEAN: "{name}不是“是”或“否”",
}
_UNREADABLE_MONEY = "{name}不是可识别的金额，或没有写明是元还是万元"


def _cited(standard: Standard | None) -> str:
    return f"{standard.code} {standard.clause}".strip() if standard else ""


def _number(limit: float | None) -> Decimal | int | None:
    """A limit as an exact number: no binary fraction is ever compared with a decimal."""
    if limit is None:
        return None
    return int(limit) if limit == int(limit) else Decimal(repr(limit))
