"""What a format of the standards library is: how a column of text is read, and what can be wrong.

Belongs here: the shapes shared by all families of formats (Format, Check, Context, the kinds of
normalisation) and the few ways to work on the exceptional rows of a column alone. What a single
standard asks for stands in the family's module; the registry is `quality.standards.formats`.

A format reads a column of text into a *reading*, a struct column with the fields

- `value`: the standard value (type of the element), null for blank, null word or unreadable;
- `notes`: UInt32, one bit for each kind of normalisation that changed the value, in the order of
  `NORMALISATIONS`; 0 where the value is null;
- `failure`: UInt8, 0 sound, `NULL_WORD`, `UNREADABLE`, or `FIRST_CHECK + i` for the format's i-th
  check: the first that explains what is wrong;
- the format's further parts, e.g. `currency` of money.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from catalog.models.code_tables import Code
from catalog.models.datasets import Column
from catalog.models.elements import Element, ElementType
from catalog.models.rules import Dimension
from quality.standards.lookup import Divisions, names_to_codes

NULL_WORD = 1
UNREADABLE = 2
FIRST_CHECK = 3

NORMALISATIONS: Mapping[str, str] = {
    "invisible_characters": "删除不可见字符",
    "fullwidth": "全角字符转为半角",
    "blanks": "删除多余空白",
    "quote": "删除首尾引号",
    "upper_case": "字母转为大写",
    "separator": "删除分隔符",
    "id_15_to_18": "15位身份号码转为18位",
    "date_form": "日期写法统一为年-月-日",
    "thousands": "删除千位分隔符",
    "number_form": "数字写法统一",
    "percent_sign": "百分号换算",
    "written_amount": "金额按写明的单位换算为元",
    "rounded": "小数位超出标准，按 GB/T 8170 修约",
    "name_to_code": "名称转为代码",
    "code_form": "代码写法统一",
    "period_form": "期间写法统一为年、年Q季、年-月",
}
"""Kind of normalisation → what it does, in Chinese. The position is the kind's bit in `notes`."""

NOTE_BIT: Mapping[str, int] = {kind: 1 << i for i, kind in enumerate(NORMALISATIONS)}

Notes = npt.NDArray[np.uint32]
Failures = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Context:
    """What a format needs to know of the column it reads. Look-ups are built once, when asked."""

    element: Element
    column: Column
    as_of: date
    codes: tuple[Code, ...] = ()
    """Rows of the element's code table."""
    divisions: Divisions | None = None

    @cached_property
    def known_codes(self) -> frozenset[str]:
        """The codes of the table, in force or not."""
        return frozenset(code.code for code in self.codes)

    @cached_property
    def code_of_name(self) -> Mapping[str, str]:
        """Name or alias → code. A name that several codes share means the one in force on the
        delivery's day; where that is not one alone, the name stays a name."""
        return names_to_codes(self.codes, self.as_of.isoformat())

    @property
    def dtype(self) -> pl.DataType:
        """The standard column's type."""
        return dtype_of(self.element)


@dataclass(frozen=True, slots=True)
class Check:
    """Something a value of a format can get wrong."""

    kind: str
    message: str
    """Chinese, with `{name}` for the column's name."""
    dimension: Dimension
    severity: Literal["error", "query"] = "error"
    clause: str = ""
    """Standard and clause, where the check has one of its own."""
    needs_divisions: bool = False
    version: int = 1
    """Raised whenever other values fail than before, as of every rule."""


_SAMPLE = 2000
"""Rows looked at to see whether a column repeats itself."""

Read = Callable[[pl.Series, Context], pl.DataFrame]
"""Text → value, notes, failure and the further parts."""

Part = Callable[[pl.Expr], pl.Expr]
"""A reading → the part, null where the value is not sound enough to derive anything from."""


@dataclass(frozen=True, slots=True)
class Format:
    """An entry of the standards library."""

    id: str
    name: str
    read: Read
    kinds: tuple[str, ...]
    """The kinds of normalisation that can occur, in the order of `NORMALISATIONS`."""
    types: tuple[ElementType, ...]
    """Element types that the format can yield."""
    checks: tuple[Check, ...] = ()
    can_be_unreadable: bool = False
    repetitive: bool = False
    """Whether columns of it mostly repeat a few values, so that reading each once pays."""
    parts: Mapping[str, Part] = field(default_factory=dict)
    extra: Mapping[str, pl.DataType] = field(default_factory=dict)
    """Further fields of the reading."""

    def reading(self, text: pl.Expr, context: Context) -> pl.Expr:
        """The reading of a text column, as one streaming expression."""
        dtype = pl.Struct(
            {
                "value": context.dtype,
                "notes": pl.UInt32(),
                "failure": pl.UInt8(),
                **self.extra,
            }
        )
        return text.map_batches(
            lambda series: self._read_batch(series, context, dtype).to_struct(series.name),
            return_dtype=dtype,
            is_elementwise=True,
        )

    def _read_batch(self, text: pl.Series, context: Context, dtype: pl.Struct) -> pl.DataFrame:
        """Reads an empty column for nothing and a repetitive one by its distinct values."""
        if text.null_count() == len(text):
            empty = pl.DataFrame(schema=dtype.to_schema()).clear(len(text))
            return empty.with_columns(pl.col("notes", "failure").fill_null(0))
        if not self.repetitive or text.head(_SAMPLE).n_unique() > _SAMPLE // 2:
            return self.read(text, context)
        distinct = text.unique().rename("text")
        readings = self.read(distinct, context).with_columns(distinct)
        return (
            text.to_frame("text")
            .join(readings, on="text", how="left", nulls_equal=True, maintain_order="left")
            .drop("text")
        )

    def normalise(self, text: pl.Expr, context: Context) -> pl.Expr:
        """The standard value of a text column."""
        return self.reading(text, context).struct.field("value")

    def violation(self, text: pl.Expr, kind: str, context: Context) -> pl.Expr:
        """True where the value fails this check before any other, False elsewhere."""
        return self.reading(text, context).struct.field("failure") == self.failure_of(kind)

    def failure_of(self, kind: str) -> int:
        """The number that stands for a kind of failure in a reading."""
        if kind in ("null_word", "unreadable"):
            return NULL_WORD if kind == "null_word" else UNREADABLE
        return FIRST_CHECK + [check.kind for check in self.checks].index(kind)

    def first_failure(self, *failing: tuple[Mask, str]) -> Failures:
        """What stands for the first kind of failure whose mask holds; 0 where none does."""
        failure = np.zeros(len(failing[0][0]), np.uint8)
        for mask, kind in reversed(failing):
            failure[mask] = self.failure_of(kind)
        return failure


def dtype_of(element: Element) -> pl.DataType:
    """Polars type of an element's standard value."""
    match element.type:
        case ElementType.TEXT | ElementType.CODE:
            return pl.String()
        case ElementType.INTEGER:
            return pl.Int64()
        case ElementType.DECIMAL:
            return pl.Decimal(38, element.scale)
        case ElementType.DATE:
            return pl.Date()
        case ElementType.DATETIME:
            return pl.Datetime("us")
        case ElementType.BOOLEAN:
            return pl.Boolean()


def in_order(*kinds: str) -> tuple[str, ...]:
    """Kinds of normalisation in the order of their bits."""
    return tuple(kind for kind in NORMALISATIONS if kind in kinds)


def is_true(mask: pl.Series) -> Mask:
    """A Boolean column as numpy, null counting as False."""
    return mask.fill_null(False).to_numpy()


def where_put(series: pl.Series, where: Mask, values: pl.Series) -> pl.Series:
    """The series with `values`, in order, in the places marked by `where`.

    Gathers from both instead of writing in place: text is never copied, only its references.
    """
    if not len(values):
        return series
    indices = np.arange(len(series), dtype=np.uint32)
    indices[where] = len(series) + np.arange(len(values), dtype=np.uint32)
    return pl.concat([series.rename(""), values.rename("")]).gather(indices)


def noted(text: pl.Series, changed: pl.Series, notes: Notes, kind: str) -> pl.Series:
    """The changed text. Notes the kind of normalisation where it is another one than before."""
    notes[is_true(changed != text)] |= NOTE_BIT[kind]
    return changed


def frame(value: pl.Series, notes: Notes, failure: Failures, **extra: pl.Series) -> pl.DataFrame:
    """A reading. Notes are dropped where nothing is left to be noted."""
    if value.null_count():
        notes = np.where(value.is_null().to_numpy(), np.uint32(0), notes)
    return pl.DataFrame(
        {
            "value": value,
            "notes": pl.Series(notes, dtype=pl.UInt32),
            "failure": pl.Series(failure, dtype=pl.UInt8),
            **extra,
        }
    )
