"""The kinds of defects, and the columns that they can hit.

Belongs here: reading `defects.yaml` and matching its conditions with the catalogue. How often a
kind occurs stands in `demo.city.defects.plan`, what it does to a value in the modules of damages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from catalog.entries import Catalog
from catalog.models.datasets import Column, Dataset, FirstOf
from catalog.models.elements import Element
from catalog.models.rules import CrossFieldRule
from demo.city.declared import declaration
from demo.city.form import Form

TEMPORAL: Final = ("date", "datetime")
NUMERIC: Final = ("integer", "decimal")
_NAMES: Final = ("entity_name", "person_name")
_SUM: Final = re.compile(r"abs\((\w+) - .*\) <=? 0\.\d+")
_AFTER: Final = re.compile(r"(\w+) >= (\w+)")
_WITHIN: Final = re.compile(r"(\w+) <= (\w+)")


@dataclass(frozen=True, slots=True)
class Target:
    """One column that a kind can hit in a dataset's file.

    `other` is the column that takes part: the name of a code, the start of an end, the whole of a
    part. `also` says which other records a finding may name. `where` holds the standard values a
    row must have for it, by column.
    """

    kind: str
    how: str
    scope: str
    column: str
    other: str
    found_by: tuple[str, ...]
    also: str
    where: tuple[tuple[str, tuple[str | None, ...]], ...]
    block: tuple[str, ...]
    weight: float
    least: float
    first_part: str = ""
    """The first column that the dataset's key can be made of."""

    @property
    def labelled_column(self) -> str:
        """The column that the finding names: none for a row that has no key or can't be read, the
        key's first for a record that stands there twice."""
        if self.how == "duplicate_key":
            return self.first_part or self.column
        return "" if self.how in ("key_missing", *BROKEN) else self.column


BROKEN: Final = ("ragged_row", "unclosed_quote", "broken_record")
"""Damages of the record itself: it can't be read as a row."""
INSERTED: Final = ("duplicate_key", "double_enrolment")
"""Damages that put a second row behind the right one."""


@cache
def kind_names() -> dict[str, str]:
    """Kind → its Chinese name."""
    return {kind: entry["name"] for kind, entry in declaration("defects")["kinds"].items()}


def targets_of(catalog: Catalog, dataset: Dataset, form: Form, written: set[str]) -> list[Target]:
    """Everything that can be wrong with a row of the dataset in this form.

    `written` are the columns that the city writes. Each kind's weight is shared by its columns.
    """
    found: list[Target] = []
    for kind, entry in declaration("defects")["kinds"].items():
        hits = entry["hits"] if isinstance(entry["hits"], list) else [entry["hits"]]
        matches = [
            (column, other, hit)
            for hit in hits
            for column, other in _matches(catalog, dataset, form, hit)
            if column in written and (not other or other in written)
        ]
        for column, other, hit in matches:
            found.append(
                Target(
                    kind,
                    entry.get("how", kind),
                    entry.get("scope", "cell"),
                    column,
                    other,
                    _rules(entry["found_by"], column),
                    entry.get("also", ""),
                    tuple((name, tuple(v)) for name, v in hit.get("where", {}).items()),
                    tuple(hit.get("block", ())),
                    entry["weight"] / len(matches),
                    entry.get("least", 1) / len(matches),
                    key_parts(dataset)[0],
                )
            )
    return found


def _rules(found_by: list[str], column: str) -> tuple[str, ...]:
    return tuple(rule if "." in rule else f"{column}.{rule}" for rule in found_by)


def _matches(
    catalog: Catalog, dataset: Dataset, form: Form, hit: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    """(column, the other column or '') of each column that fits the conditions."""
    if dataset.ref not in hit.get("datasets", (dataset.ref,)):
        return
    if form.format not in hit.get("written", (form.format,)):
        return
    for column in dataset.columns:
        if column.retired is None and column.derived is None:
            element = catalog.elements[column.element]
            zeros = not hit.get("zeros") or _has_zeros(catalog, element, form)
            if zeros and fits(dataset, column, element, form, hit):
                yield from _with_other(catalog, dataset, column, hit)


def fits(
    dataset: Dataset, column: Column, element: Element, form: Form, hit: dict[str, Any]
) -> bool:
    """Whether a column satisfies the conditions that ask for nothing but itself."""
    if form.format == "geojson" and column.id in ("lon", "lat") and "columns" not in hit:
        return False  # A point of GeoJSON holds numbers, whatever an agency would like to write.
    keys, parts = key_columns(dataset), key_parts(dataset)
    asked = {
        "types": element.type.value,
        "formats": element.format,
        "units": element.unit,
        "columns": column.id,
        "tables": element.code_table,
    }
    simple = all(value in hit[condition] for condition, value in asked.items() if condition in hit)
    bounded = element.minimum is not None or element.maximum is not None
    facts = {
        "required": column.required,
        "patterned": element.pattern is not None,
        "bounded": bounded,
        "future": element.future_allowed,
        "first_key": bool(keys) and column.id == keys[0],
    }
    stated = all(value is hit[condition] for condition, value in facts.items() if condition in hit)
    key = hit.get("key", False)
    held = key == "any" or (column.id in keys if key else column.id not in parts)
    return simple and stated and held


def _has_zeros(catalog: Catalog, element: Element, form: Form) -> bool:
    """Whether codes that begin with zero are written, and mean nothing without it."""
    table = element.code_table
    if table is None or (not form.codes and table in declaration("formats")["names_of"]):
        return False
    codes = catalog.codes(table)
    spoken = {word for code in codes for word in (code.code, code.name, *code.aliases)}
    return any(code.code[:1] == "0" and code.code.lstrip("0") not in spoken for code in codes)


def _with_other(
    catalog: Catalog, dataset: Dataset, column: Column, hit: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    if hit.get("named"):
        name = _name_beside(catalog, dataset, column)
        if name:
            yield column.id, name
    elif hit.get("beside"):
        if any(other.id == hit["beside"] for other in dataset.columns):
            yield column.id, hit["beside"]
    elif hit.get("sums"):
        if any(_first(_SUM, rule) == column.id for rule in dataset.rules):
            yield column.id, ""
    elif hit.get("follows") or hit.get("within"):
        pattern = _AFTER if hit.get("follows") else _WITHIN
        types = TEMPORAL if hit.get("follows") else NUMERIC
        alike = {c.id for c in dataset.columns if catalog.elements[c.element].type.value in types}
        for rule in dataset.rules:
            match = pattern.fullmatch(rule.check)
            if match and match[1] == rule.columns[0] == column.id and match[2] in alike:
                yield column.id, match[2]
    else:
        yield column.id, ""


def _first(pattern: re.Pattern[str], rule: CrossFieldRule) -> str:
    match = pattern.fullmatch(rule.check)
    return match[1] if match and match[1] == rule.columns[0] else ""


def _name_beside(catalog: Catalog, dataset: Dataset, column: Column) -> str:
    """The name that stands right behind a number, or ''."""
    columns = list(dataset.columns)
    behind = columns[columns.index(column) + 1 :][:1]
    names = [other.id for other in behind if catalog.elements[other.element].format in _NAMES]
    return names[0] if names else ""


def key_columns(dataset: Dataset) -> list[str]:
    """The key's columns; those of which only the first is needed are left out."""
    return [part for part in dataset.key if not isinstance(part, FirstOf)]


def key_parts(dataset: Dataset) -> list[str]:
    """All columns that the key can be made of."""
    parts = [part.first_of if isinstance(part, FirstOf) else (part,) for part in dataset.key]
    return [column for columns in parts for column in columns]
