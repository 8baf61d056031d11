"""Base tables: what identifies a row, which datasets contribute to it, and who gives each value.

Belongs here: the shape of one declaration and what follows from it alone. Which source comes first
follows from the elements too (`catalog.entries.Catalog.sources_of`); the query that makes the rows
stands in `assets.base.survivorship`.

Sources: 《淄博市公共数据管理办法》 articles 14, 18.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from catalog.models.declared import ChineseText, Declared, Identifier, Suspension
from catalog.models.geometry import Geometry

Code = str
"""One character that stands for a contributor in packed provenance."""


class KeyColumn(Declared):
    """A column of a base table's key."""

    id: Identifier
    name: ChineseText
    meaning: ChineseText
    holds: tuple[str, ...] = ()
    """`<agency>/<dataset>.<column>` whose values it may hold; the first gives the type, the
    strictest decides how readers see it. None: a word of our own, which tells kinds apart."""


class Contributor(Declared):
    """A dataset whose rows tell of this table's subjects, and which subject a row tells of."""

    id: Identifier
    dataset: str
    key: tuple[str, ...] = Field(min_length=1)
    """An SQL expression over the dataset's columns for each key column; a row with a null among
    them contributes nothing. A linked contributor may use `linked`, the subject's key that linking
    found for the row, or null."""
    sound: tuple[Identifier, ...] = ()
    """Columns that must have failed no rule of their own, errors that is: a row whose identifier is
    wrong names nobody. It is told to its agency, and contributes nothing."""
    where: str = ""
    """SQL condition that a contributing row meets."""
    newest: str = ""
    """SQL expression: of several rows that tell of one subject the one with the highest is taken,
    then the latest delivered. Needed where the key is not the dataset's own."""
    linked: bool = False
    registers: bool = False
    """Whether being told of here is what makes somebody a registered subject of this table."""


class BaseSource(Declared):
    """Where a value may come from: a contributor's column, or an expression over it."""

    contributor: Identifier
    column: Identifier
    """The dataset's column: tells the element, the grade, and the defects that concern it."""
    value: str = ""
    """SQL over the dataset's columns; the column itself where empty."""
    of_key: str = ""
    """SQL over the table's key columns instead: what the key itself says, asked of no row, and so
    never compared with what others tell."""
    stand_in: bool = False
    """Whether it tells another fact, which is taken where the others have none: the day on which a
    household registration ended for a day of death. It is no standard source here, whatever its
    element says, and never held against one."""
    suspended: Suspension | None = None
    """Of this column alone; where the element's standard source is to rest everywhere, the element
    says so."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        """`contributor.column`, as most sources are written."""
        if isinstance(given, str) and given.count(".") == 1:
            contributor, column = given.split(".")
            return {"contributor": contributor, "column": column}
        return given

    @property
    def expression(self) -> str:
        """SQL of the value over the dataset's columns."""
        return self.value or f'"{self.column}"'


class BaseColumn(Declared):
    """A value column of a base table."""

    id: Identifier
    name: ChineseText
    meaning: ChineseText
    sources: tuple[BaseSource, ...] = Field(min_length=1)
    """In the order of choice among equals: a standard source comes before all others."""
    type: Literal["", "text", "date", "boolean"] = ""
    """Where the value is not of its first source's type."""


class Validity(Declared):
    """The columns that say from when until when a row held in the world; open where null."""

    since: Identifier
    until: Identifier | None = None
    """The first day on which it no longer held."""
    last_day: Identifier | None = None
    """The last day on which it held, where the data tell that one instead."""
    note: str = ""
    """What readers must know of the answer, in Chinese: what it does not look at, and where that
    stands."""

    @model_validator(mode="after")
    def _ends_once(self) -> Validity:
        if self.until is not None and self.last_day is not None:
            raise ValueError("until 与 last_day 只能填一个")
        return self


class BaseTable(Declared):
    """A table of a base database: one row a subject or fact."""

    database: Identifier
    id: Identifier
    name: ChineseText
    description: ChineseText
    key: tuple[KeyColumn, ...] = Field(min_length=1)
    contributors: tuple[Contributor, ...] = Field(min_length=1)
    columns: tuple[BaseColumn, ...] = Field(min_length=1)
    together: tuple[tuple[Identifier, ...], ...] = ()
    """Groups of columns whose values all come from one record."""
    valid: Validity | None = None
    geometry: Geometry | None = None
    published_while: str = ""
    """SQL condition over the table's columns and `today`: rows that fail it stand in no
    publication."""

    @property
    def ref(self) -> str:
        """`<database>.<table>`."""
        return f"{self.database}.{self.id}"

    @property
    def lake_name(self) -> str:
        """Where it lies in the lake."""
        return f"base/{self.database}/{self.id}"

    @property
    def datasets(self) -> tuple[str, ...]:
        """Refs of the contributing datasets, in order of first mention."""
        return tuple(dict.fromkeys(each.dataset for each in self.contributors))

    @property
    def keys(self) -> tuple[str, ...]:
        """Ids of the key columns."""
        return tuple(column.id for column in self.key)

    def contributor(self, name: str) -> Contributor:
        """The contributor of this id; KeyError names table and contributor."""
        for each in self.contributors:
            if each.id == name:
                return each
        raise KeyError(f"{self.ref} has no contributor {name}")

    def code(self, name: str) -> Code:
        """The character that stands for a contributor: a for the first declared."""
        return chr(ord("a") + [each.id for each in self.contributors].index(name))

    def place_of(self, source: BaseSource) -> str:
        """`<agency>/<dataset>.<column>` of a source."""
        return f"{self.contributor(source.contributor).dataset}.{source.column}"
