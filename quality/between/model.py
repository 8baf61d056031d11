"""What a rule between datasets is: its words, whom it may accuse, and its query.

Belongs here: the declaration and reading it. Running a rule stands in `quality.between.evaluate`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from catalog.entries import Catalog
from catalog.models.declared import ChineseText, Identifier
from catalog.models.rules import Dimension
from quality.linking.steps import datasets_read
from quality.linking.table import LINKS_TABLE
from quality.rules.derive import rules_of
from quality.rules.model import Rule
from warehouse.queries import quality_tables, standard_tables

_FOLDER = Path(__file__).parent
PREFIX = "between."


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Accused(_Declared):
    """A dataset whose rows the rule may find wrong, and the column to correct in them."""

    dataset: str
    column: str


class BetweenRule(_Declared):
    """A rule between datasets, or between rows of one.

    Its query (in `file`) runs over the engine's `standard.<agency>.<dataset>` and gives one
    row a finding: `dataset`, `agency`, `key`, `column`, `delivery`, `row` of the row found wrong
    (its `_agency`, `_key`, `_delivery`, `_row`), `value` (what stands in the column, as text) and
    `detail` (Chinese: what it was held against; no name, number or address of a person).
    """

    name: Identifier
    version: Annotated[int, Field(ge=1)] = 1
    shared_query: Identifier | None = None
    """Name of a query that finds for several rules: its column `rule` names the one of each row."""
    title: ChineseText
    accused: Annotated[tuple[Accused, ...], Field(min_length=1)]
    needs: tuple[str, ...] = ()
    """Datasets without which nothing can be said: while one has no rows, the rule is not asked."""
    tells: tuple[str, ...]
    """Columns of other datasets than the accused one, `<agency>/<dataset>.<column>`, of which
    `detail` says a value as it stands. A value of a grade that is masked had better go through its
    mask in the query: then it is none of these, and whoever is accused still reads something."""
    dimension: Dimension
    severity: Literal["error", "query"]
    message: ChineseText
    """What is wrong, without the value."""
    standard: ChineseText
    how_to_correct: ChineseText
    example: str = ""
    plausible: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Share of an accused dataset's rows that may fail. When more do, what they are held against is
    more likely incomplete than they are wrong: then nobody is accused and the bureau is told."""

    @property
    def id(self) -> str:
        """As the ledger names it."""
        return PREFIX + self.name

    @property
    def file(self) -> Path:
        """`sql/<name>.sql`, by the name of the rule or of the query that it shares."""
        return _FOLDER / "sql" / f"{self.shared_query or self.name}.sql"

    @property
    def query(self) -> str:
        """The SQL of its file; of a shared one only what it finds for this rule."""
        told = self.file.read_text(encoding="utf-8")
        if self.shared_query is None:
            return told
        return f"select * exclude (rule) from ({told}) where rule = '{self.name}'"

    @property
    def sources(self) -> frozenset[str]:
        """Datasets that the query reads, `<agency>/<dataset>`, from the SQL itself; where it reads
        the links, those that they are made of too."""
        read = standard_tables(self.query)
        return read | datasets_read() if LINKS_TABLE in quality_tables(self.query) else read

    def as_rule(self, dataset: str) -> Rule:
        """The rule as one of a dataset's, for whoever tells rules; it has no bit in any mask."""
        return Rule(
            id=self.id,
            kind="between",
            columns=tuple(each.column for each in self.accused if each.dataset == dataset),
            dimension=self.dimension,
            severity=self.severity,
            message=self.message,
            standard=self.standard,
            how_to_correct=self.how_to_correct,
            example=self.example,
            bit=0,
            version=self.version,
        )


@cache
def between_rules() -> tuple[BetweenRule, ...]:
    """All rules of `rules.yaml`, in its order. ValueError when two have one name."""
    told = yaml.safe_load((_FOLDER / "rules.yaml").read_text(encoding="utf-8"))
    rules = TypeAdapter(tuple[BetweenRule, ...]).validate_python(told)
    names = [rule.name for rule in rules]
    if len(set(names)) != len(names):
        raise ValueError(f"rules.yaml: two rules have one name: {', '.join(sorted(names))}")
    return rules


def rules_told(catalog: Catalog, ref: str) -> tuple[Rule, ...]:
    """All rules that may find a dataset's rows wrong: those of the row, then those between."""
    between = (
        rule.as_rule(ref)
        for rule in between_rules()
        if any(each.dataset == ref for each in rule.accused)
    )
    return (*rules_of(catalog, ref), *between)
