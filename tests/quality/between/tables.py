"""Standard tables of the catalogue's datasets, written as text, and what a rule finds in them."""

from __future__ import annotations

from functools import cache

import duckdb

from catalog.load import Catalog
from catalog.models.datasets import FirstOf
from quality.between.evaluate import FINDINGS, Outcome, State, evaluate
from quality.between.model import BetweenRule, between_rules
from quality.standardise import standard_schema
from tests.this_catalog import this_catalog
from warehouse.engine import MACROS, duckdb_type

Finding = tuple[str, str, str]
"""Dataset, key and column."""


@cache
def _catalog() -> Catalog:
    return this_catalog()


def rule_named(name: str) -> BetweenRule:
    return next(rule for rule in between_rules() if rule.name == name)


class Tables:
    """A connection with the macros, the standard tables a rule reads, and the delivery log."""

    def __init__(self, rule: str) -> None:
        self.rule = rule_named(rule)
        self.con = duckdb.connect()
        for script in sorted(MACROS.glob("*.sql")):
            self.con.execute(script.read_text(encoding="utf-8"))
        self.con.execute("attach ':memory:' as standard; attach ':memory:' as quality")
        self.con.execute(
            "create table quality.main.deliveries (delivery varchar, dataset varchar, "
            "agency varchar, state varchar, ordered_at timestamp)"
        )
        for ref in sorted({*self.rule.sources, *self.rule.needs}):
            schema, table = ref.split("/")
            columns = ", ".join(
                f'"{name}" {duckdb_type(kind)}'
                for name, kind in standard_schema(_catalog(), ref).items()
            )
            self.con.execute(f"create schema if not exists standard.{schema}")
            self.con.execute(f"create table standard.{schema}.{table} ({columns})")

    def put(self, ref: str, text: str, on: str = "2026-09-30") -> None:
        """Rows of one delivery: a line of column names, then a line a row, `|` between.

        What is blank, or no column of the text, is null; the masks are 0 unless the text has them.
        """
        names, *rows = [
            [cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()
        ]
        dataset = _catalog().datasets[ref]
        agency = dataset.deliverers[0]
        delivery = f"{ref}@{on}"
        self.con.execute(
            "insert into quality.main.deliveries values ($1, $2, $3, 'applied', $4)",
            [delivery, ref, agency, on],
        )
        masks = [name for name in standard_schema(_catalog(), ref) if name.startswith("_failed")]
        for ordinal, cells in enumerate(rows, start=1):
            told = dict.fromkeys(masks, "0") | dict(zip(names, cells, strict=True))
            key = [told[part] for part in dataset.key if not isinstance(part, FirstOf)]
            told |= {"_key": "\x1f".join(key), "_delivery": delivery, "_agency": agency}
            told |= {"_row": str(ordinal), "_seq": "1"}
            listed = ", ".join(f'"{name}"' for name in told)
            marks = ", ".join("?" * len(told))
            self.con.execute(
                f"insert into standard.{ref.replace('/', '.')} ({listed}) values ({marks})",
                [value or None for value in told.values()],
            )

    def asked(self) -> Outcome:
        """How asking the rule ends."""
        return evaluate(self.con, _catalog(), [self.rule])[0]

    def found(self) -> set[Finding]:
        """What the rule finds; the test fails when it can't be judged."""
        outcome = self.asked()
        assert outcome.state is State.JUDGED, outcome.reason
        rows = self.con.execute(f'select dataset, key, "column" from {FINDINGS}').fetchall()
        assert len(rows) == len(set(rows))
        return set(rows)

    def details(self) -> list[tuple[str, str]]:
        """Value and detail of each finding."""
        assert self.asked().state is State.JUDGED
        return self.con.execute(f"select value, detail from {FINDINGS} order by all").fetchall()
