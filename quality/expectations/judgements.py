"""What DuckDB asks of a column, in SQL.

Belongs here: how a delivered text is told to say something, which conditions explain a wrong value
and in which order, and those that follow from the catalogue. Does not belong here: the conditions
of the formats (`quality.expectations.conditions`). Written apart from `quality.standards`, as they
are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from catalog.models.code_tables import Code
from catalog.models.datasets import Column
from catalog.models.elements import Element, ElementType
from quality.expectations.conditions import ABSENT, CHECKS, NULL_WORD_CHARACTERS, SYMBOL
from warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from catalog.load import Catalog

SMALL_SET = 200
"""Largest set of codes handed to Great Expectations as values; larger ones are looked up."""

_OF_TYPE = {
    ElementType.TEXT: "text",
    ElementType.CODE: "code",
    ElementType.DATE: "date",
    ElementType.DATETIME: "date",
    ElementType.BOOLEAN: "boolean",
}

_SENTINELS = "'1899-12-30', '1899-12-31', '1900-01-01', '9999-12-31'"
_SENTINEL_YEAR = 2099


@dataclass(frozen=True, slots=True)
class Violation:
    """A kind of rule and the SQL condition of a standard value that breaks it."""

    kind: str
    sql: str


def in_force(codes: tuple[Code, ...], as_of: date) -> list[str]:
    """The codes of a table that are valid on a day, sorted."""
    day = as_of.isoformat()
    return sorted(
        {
            code.code
            for code in codes
            if (not code.valid_from or code.valid_from <= day)
            and (not code.valid_to or day <= code.valid_to)
        }
    )


def stated(catalog: Catalog, element: Element, text: str) -> str:
    """SQL of type `said`: NULL where the text says nothing, 'null_word', or 'value'."""
    name = _format(element)
    blank, null_word = ABSENT.get(name, SYMBOL)
    null_word = f"({null_word})"
    kept = _kept_words(catalog, element, name)
    if kept:
        listed = ", ".join(literal(word) for word in kept)
        null_word += f" AND NOT list_contains([{listed}], lower(running_text({{v}})))"
    return (
        # Most values are told by one look at their characters, blanks included.
        "CASE WHEN NOT may_be_null_word({v}) THEN 'value'::said"
        f" WHEN {blank} THEN NULL WHEN {null_word} THEN 'null_word'::said ELSE 'value'::said END"
    ).format(v=text)


def _kept_words(catalog: Catalog, element: Element, name: str) -> list[str]:
    """Words that mean something in this column, so that none of them is a null word."""
    if name == "boolean":
        return ["无"]
    if name not in ("code", "code_list") or not element.code_table:
        return []
    return sorted(
        {
            word.lower()
            for code in catalog.codes(element.code_table)
            for word in (code.code, code.name, *code.aliases)
            if NULL_WORD_CHARACTERS.issuperset(word.lower())
        }
    )


def violations(
    catalog: Catalog, column: Column, as_of: date, kinds: frozenset[str]
) -> list[Violation]:
    """Conditions on the column's standard value, the first that holds explains it.

    `kinds` are the kinds of rules that the column has. The conditions are asked of values that
    are not null.
    """
    element = catalog.elements[column.element]
    found = list(_violations(catalog, element, quoted(column.id), as_of))
    if column.dated_by:
        dated = Violation("code", _outside_term(column, element, as_of))
        found = [dated if each.kind == "code" else each for each in found]
    return [violation for violation in found if violation.kind in kinds]


def _violations(catalog: Catalog, element: Element, value: str, as_of: date) -> Iterator[Violation]:
    today = f"DATE '{as_of.isoformat()}'"
    for kind, sql in CHECKS.get(_format(element), {}).items():
        yield Violation(kind, sql.format(v=value, as_of=today))
    if element.code_table:
        yield Violation("code", _unknown_code(value, element))
    if element.pattern is not None:
        pattern = literal(element.pattern)
        yield Violation("pattern", f"NOT regexp_full_match({value}, {pattern})")
    if element.max_length is not None:
        yield Violation("max_length", f"length({value}) > {element.max_length}")
    limits = [
        f"{value} {sign} {exact(limit)}"
        for sign, limit in (("<", element.minimum), (">", element.maximum))
        if limit is not None
    ]
    if limits:
        yield Violation("range", " OR ".join(limits))
    day = f"period_first_day({value})" if element.format == "period" else f"CAST({value} AS DATE)"
    yield from _date_violations(element, day, today)


def _unknown_code(value: str, element: Element) -> str:
    codes = f"codes_{element.code_table}"
    if element.format != "code_list":
        return f"{value} NOT IN (SELECT code FROM {codes})"
    return (
        f"NOT list_has_all(coalesce((SELECT list(code) FROM {codes}), []),"
        f" string_split({value}, ';'))"
    )


def _outside_term(column: Column, element: Element, as_of: date) -> str:
    """The code's term, against as much of a day as the row's date tells."""
    own = f"CAST({quoted(column.dated_by or '')} AS VARCHAR)"
    day = (
        f"coalesce(nullif(regexp_extract({own}, '^[0-9]{{4}}(-[0-9]{{2}}){{0,2}}'), ''),"
        f" '{as_of.isoformat()}')"
    )
    return (
        f"{quoted(column.id)} IS NOT NULL AND NOT coalesce("
        f"(SELECT bool_or({day} BETWEEN left(first_day, length({day}))"
        f" AND left(last_day, length({day}))) FROM terms_{element.code_table} AS terms"
        f" WHERE terms.code = {quoted(column.id)}), false)"
    )


def _date_violations(element: Element, day: str, today: str) -> Iterator[Violation]:
    placeholder = f"{day} IN ({_SENTINELS}) OR year({day}) >= {_SENTINEL_YEAR}"
    if element.earliest:
        placeholder += f" OR {day} < DATE {literal(element.earliest)}"
    yield Violation("sentinel_date", placeholder)
    yield Violation("future_date", f"{day} > {today}")


def exact(limit: float) -> str:
    """A limit as it is written: DuckDB compares a decimal literal with decimals exactly."""
    return str(int(limit)) if limit == int(limit) else repr(limit)


def _format(element: Element) -> str:
    if element.format is not None:
        return {"datetime": "date"}.get(element.format, element.format)
    return "code" if element.code_table else _OF_TYPE.get(element.type, "number")
