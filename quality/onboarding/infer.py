"""Which element a column of a sample most likely holds.

Belongs here: the guess and its grounds. A header that the catalogue knows comes first, if the
values bear it out; then elements whose check hardly any other text passes; then a code table that
holds all values. What fits none of them needs an element of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from catalog.entries import Catalog
from catalog.headers import normalise_header
from catalog.models.datasets import Column
from catalog.models.elements import Element, ElementType
from quality.onboarding.trial import failed_rules, trial_dataset
from quality.standards.formats import format_of

BORNE_OUT = 0.8
"""Share of values that must pass for a known header to be believed."""
CONVINCING = 0.95
"""Share of values that must pass where the header says nothing."""

_TYPES: tuple[ElementType, ...] = (
    ElementType.DATE,
    ElementType.DATETIME,
    ElementType.INTEGER,
    ElementType.DECIMAL,
)
_STRICT_RULES = frozenset({"check_digit", "form"})
_LOOSE_FORMS = frozenset({"icd10", "period"})
"""A letter with digits, a year: numbers of many other kinds look like them."""
_SEVERAL_KINDS = frozenset({"document_no", "subject_no"})
"""Formats that take the numbers of several others: asked last."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column seems to hold.

    `element` is None where the catalogue has none for it; `type` then says what its values are.
    `fit` is the share of its values that pass (1.0 where there are none), `ground` why.
    """

    header: str
    column_id: str
    element: str | None
    type: ElementType
    fit: float
    ground: Literal["header", "values", "code_table", "decided", "none"]
    filled: int
    """Values in the sample."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    element: Element
    ground: Literal["header", "values", "code_table"]
    column_id: str


def infer(
    catalog: Catalog, headers: Sequence[str], records: pl.DataFrame, as_of: date
) -> list[Guess]:
    """A guess for each header; `records` has the columns `c0`, `c1`, … in their order."""
    candidates = [
        candidate
        for place, header in enumerate(headers)
        for candidate in _candidates(catalog, place, header, records[f"c{place}"])
    ]
    fits = _fits(catalog, records, candidates, as_of)
    taken: set[str] = set()
    guesses = []
    for place, header in enumerate(headers):
        own = [(c, fit) for c, fit in zip(candidates, fits, strict=True) if c.place == place]
        guess = _best(header, place, records[f"c{place}"], own, taken, as_of)
        taken.add(guess.column_id)
        guesses.append(guess)
    return guesses


def _candidates(
    catalog: Catalog, place: int, header: str, values: pl.Series
) -> Iterator[_Candidate]:
    known = _columns_named(catalog, header)
    for (column_id, name), _ in known.most_common(3):
        yield _Candidate(place, catalog.elements[name], "header", column_id)
    for element in _strict(catalog):
        yield _Candidate(place, element, "values", element.id)
    by_table = _of_code_table(catalog, values)
    if by_table is not None:
        yield _Candidate(place, by_table, "code_table", by_table.id)


def _columns_named(catalog: Catalog, header: str) -> Counter[tuple[str, str]]:
    """(column id, element) of catalogued columns that answer to the header, by how often."""
    wanted = normalise_header(header)
    return Counter(
        (column.id, column.element)
        for dataset in catalog.datasets.values()
        for column in dataset.columns
        if column.retired is None
        and wanted in {normalise_header(n) for n in (column.id, column.name, *column.aliases)}
    )


def _strict(catalog: Catalog) -> Iterator[Element]:
    """One element for each format whose checks hardly any other text passes."""
    seen: set[str] = set(_LOOSE_FORMS)
    by_narrowness = sorted(catalog.elements.values(), key=lambda e: e.format in _SEVERAL_KINDS)
    for element in by_narrowness:
        if element.retired is not None or element.format is None or element.format in seen:
            continue
        if _STRICT_RULES.intersection(check.kind for check in format_of(element).checks):
            seen.add(element.format)
            yield element


def _of_code_table(catalog: Catalog, values: pl.Series) -> Element | None:
    """The element of the smallest code table that holds every value, where there are several."""
    distinct = set(values.drop_nulls().str.strip_chars().unique().to_list()) - {""}
    if len(distinct) < 2:
        return None
    fitting = []
    for element in catalog.elements.values():
        if element.code_table and element.retired is None:
            codes = catalog.codes(element.code_table)
            # Names alone: 1 and 2 are codes of almost any table.
            if distinct <= {label for code in codes for label in (code.name, *code.aliases)}:
                fitting.append((len(codes), element.id))
    return catalog.elements[min(fitting)[1]] if fitting else None


def _fits(
    catalog: Catalog, records: pl.DataFrame, candidates: Sequence[_Candidate], as_of: date
) -> list[float]:
    """The share of filled values that pass each candidate's rules."""
    if not candidates:
        return []
    columns = [
        Column(id=f"t{number}", name="列", element=candidate.element.id)
        for number, candidate in enumerate(candidates)
    ]
    texts = records.select(
        pl.col(f"c{candidate.place}").alias(f"t{number}")
        for number, candidate in enumerate(candidates)
    )
    failed = failed_rules(catalog, trial_dataset(columns), texts, as_of)
    wrong = {column.id: pl.repeat(False, records.height, eager=True) for column in columns}
    for rule, rows in failed.items():
        column_id, _, kind = rule.partition(".")
        if kind != "null_word":
            wrong[column_id] = wrong[column_id] | rows
    return [
        1 - int(rows.sum()) / filled if (filled := _filled(texts[name])) else 1.0
        for name, rows in wrong.items()
    ]


def _filled(values: pl.Series) -> int:
    return int((values.is_not_null() & (values.str.strip_chars() != "")).sum())


def _best(
    header: str,
    place: int,
    values: pl.Series,
    candidates: Sequence[tuple[_Candidate, float]],
    taken: set[str],
    as_of: date,
) -> Guess:
    filled = _filled(values)
    for candidate, fit in candidates:
        enough = BORNE_OUT if candidate.ground == "header" else CONVINCING
        if fit >= enough and (filled or candidate.ground == "header"):
            name = _free(candidate.column_id, taken)
            element = candidate.element
            return Guess(header, name, element.id, element.type, fit, candidate.ground, filled)
    kind, fit = _type_of(values, filled, as_of)
    return Guess(header, _free(_name_of(header, place), taken), None, kind, fit, "none", filled)


def _type_of(values: pl.Series, filled: int, as_of: date) -> tuple[ElementType, float]:
    """The strictest type as which the values can be read."""
    for kind in _TYPES if filled else ():
        element = Element(
            id="trial", name="列", definition="列", type=kind, data_class="列", grade=1,
            example="", how_to_correct="列", scale=6 if kind is ElementType.DECIMAL else 0,
        )  # fmt: skip
        column = Column(id="t0", name="列", element="trial")
        alone = Catalog(Path(), {}, {"trial": element}, {}, {}, (), {}, {})
        failed = failed_rules(alone, trial_dataset([column]), values.to_frame("t0"), as_of)
        wrong = sum(int(rows.sum()) for rule, rows in failed.items() if rule == "t0.unreadable")
        if 1 - wrong / filled >= CONVINCING:
            return kind, 1 - wrong / filled
    return ElementType.TEXT, 1.0


def _name_of(header: str, place: int) -> str:
    """The header as a name of ours where it is written in Latin letters, else its place."""
    name = "".join(sign if sign.isalnum() else "_" for sign in header.strip().lower()).strip("_")
    return name if name.isascii() and name[:1].isalpha() else f"column_{place + 1}"


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free
