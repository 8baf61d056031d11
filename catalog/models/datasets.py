"""Datasets: their columns, keys and header layouts, and how they are delivered and published.

Belongs here: the dataset as a whole. Its legal attributes stand in `catalog.models.attributes`, its
written-out rules in `catalog.models.rules`, what its columns mean in `catalog.models.elements`.

Sources: 《淄博市公共数据管理办法》 articles 10, 12, 13.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from catalog.models.attributes import (
    Category,
    LegalBasis,
    Opening,
    RepeatedCollection,
    Sharing,
    UpdateCycle,
)
from catalog.models.declared import ChineseText, Declared, Grade, Identifier, Retirement
from catalog.models.rules import CrossFieldRule


class Derived(Declared):
    """A column computed from another one, e.g. the currency inside a written amount."""

    column: Identifier
    part: Identifier
    """A part that the standards library's format yields, e.g. `currency` of `money`,
    `organization_code` of `uscc`."""


class Column(Declared):
    """A column of a dataset: which element it holds and how deliveries name it."""

    id: Identifier
    name: ChineseText
    element: Identifier
    description: str = ""
    aliases: tuple[str, ...] = ()
    """Other headers and JSON property names under which deliveries bring this column."""
    required: bool = False
    """A row without a value here is a defect."""
    optional: bool = False
    """A delivery may leave the whole column out."""
    derived: Derived | None = None
    """Filled from another column when the delivery has no value of its own."""
    default_unit: str | None = None
    """For `money`: the unit meant when the value writes none (`元`, `万元`)."""
    dated_by: Identifier | None = None
    """For a code: the column (a day or a month) whose date the code must have been in force on. Of
    a column without it, and of a row without that date, the delivery's day."""
    grade: Grade | None = None
    """Overrides the element's grade."""
    retired: Retirement | None = None

    @property
    def may_be_absent(self) -> bool:
        """Whether a delivery may come without the column."""
        return self.optional or self.retired is not None


class Shape(Declared):
    """One of several header layouts in which a dataset is delivered, with what it implies.

    The shape whose `requires` columns are all in the header and whose `excludes` are not is taken.
    """

    id: Identifier
    requires: tuple[Identifier, ...]
    excludes: tuple[Identifier, ...] = ()
    ignores: tuple[str, ...] = ()
    """Headers left out on purpose (a running number); they still reach raw in `_extra`."""
    constants: dict[Identifier, str] = Field(default_factory=dict)
    """Column values that every row of this shape has."""


class FirstOf(Declared):
    """A key part: the first of these columns that has a value."""

    first_of: tuple[Identifier, ...] = Field(min_length=2)
    may_be_absent: bool = False
    """True where a row without any of them is still identified by the other key parts."""


class Publication(Declared):
    """Where analysts find the dataset's current rows."""

    database: Identifier
    table: Identifier
    published_while: str = ""
    """SQL condition over the columns and `today`: rows that fail it stand in no publication."""


class Dataset(Declared):
    """A catalogued dataset with the seven attributes of article 10 and how it is delivered."""

    agency: Identifier
    id: Identifier
    name: ChineseText
    description: ChineseText

    # The seven attributes of article 10. Optional here so that `catalog.checks` can name all
    # missing ones at once in the article's own words.
    format: tuple[str, ...] | None = None
    category: Category | None = None
    sharing: Sharing | None = None
    opening: Opening | None = None
    security_grade: Grade | None = None
    usage_requirements: str | None = None
    update_cycle: UpdateCycle | None = None

    subject: Literal["person", "legal_person", "place", "indicator", "object", "none"]
    """What a row is about; person and legal_person need key identifiers (article 12)."""
    key: tuple[Identifier | FirstOf, ...] = Field(min_length=1)
    key_identifiers: tuple[Identifier, ...] = ()
    """Columns with 统一社会信用代码 or 身份证件号码 (article 12)."""
    deliverers: tuple[Identifier, ...] = Field(min_length=1)
    mode: Literal["snapshot", "increment"]
    """What a delivery is unless its manifest says otherwise."""
    snapshot_scope: tuple[Identifier, ...] = ()
    """A snapshot replaces its deliverer's rows only where these columns have a value that occurs
    in it: two lists in one dataset don't remove each other."""
    removal_limit: float = Field(default=0.05, ge=0, le=1)
    """A snapshot that would remove a larger share of its deliverer's keys (in scope) is held; of
    few keys some more, since their number goes up and down by chance."""
    aggregated: bool = True
    """汇聚 (article 13); False needs `not_aggregated_basis`."""
    not_aggregated_basis: tuple[LegalBasis, ...] = ()
    state_secret: bool = False
    legal_basis: tuple[LegalBasis, ...] = ()
    repeated_collection: tuple[RepeatedCollection, ...] = ()
    reviewed: bool = False
    """Only reviewed entries are published (article 10)."""
    publication: Publication
    sheet: str | None = None
    """Name of the sheet to read where workbooks hold several that fit."""
    operation_column: str | None = "操作类型"
    """Header of the column that says insert, update or delete in an increment."""
    example: dict[Identifier, str] = Field(default_factory=dict)
    """Column → example, where the elements' own examples don't make a right row together."""
    columns: tuple[Column, ...] = Field(min_length=1)
    rules: tuple[CrossFieldRule, ...] = ()
    shapes: tuple[Shape, ...] = ()
    retired: Retirement | None = None

    @property
    def ref(self) -> str:
        """`<agency>/<dataset>`, the name used everywhere outside the catalogue."""
        return f"{self.agency}/{self.id}"

    def column(self, column_id: str) -> Column:
        """The column with this id; KeyError names dataset and column."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(f"{self.ref} has no column {column_id}")
