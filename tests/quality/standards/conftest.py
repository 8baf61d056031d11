"""Reading texts through a format, as the tests below say it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import pytest

from catalog.models.code_tables import Code
from catalog.models.datasets import Column
from catalog.models.elements import Element
from quality.standards.formats import FORMATS
from quality.standards.lookup import Divisions
from quality.standards.reading import (
    FIRST_CHECK,
    NOTE_BIT,
    NULL_WORD,
    UNREADABLE,
    Context,
)


@dataclass(frozen=True)
class Read:
    """What became of one text."""

    value: object
    changes: tuple[str, ...] = ()
    failure: str | None = None


Reader = Callable[..., list[Read]]


def context(format_id: str, **options: Any) -> Context:
    """A column of this format; options: type, scale, codes, divisions, default_unit, as_of."""
    element = Element(
        id="thing",
        name="某项",
        definition="某项",
        type=options.get("type") or FORMATS[format_id].types[0],
        format=format_id,
        scale=options.get("scale", 0),
        data_class="测试",
        grade=1,
        example="",
        how_to_correct="请改正",
    )
    column = Column(
        id="thing", name="某项", element="thing", default_unit=options.get("default_unit")
    )
    codes: tuple[Code, ...] = options.get("codes", ())
    divisions: tuple[Code, ...] | None = options.get("divisions")
    return Context(
        element,
        column,
        options.get("as_of", date(2026, 11, 1)),
        codes,
        Divisions.of(divisions) if divisions is not None else None,
    )


@pytest.fixture(scope="session")
def read() -> Reader:
    """Reads texts through a format in the streaming engine: value, what changed, what failed."""

    def read_texts(format_id: str, texts: list[str | None], **options: Any) -> list[Read]:
        chosen = FORMATS[format_id]
        names = {NULL_WORD: "null_word", UNREADABLE: "unreadable"} | {
            FIRST_CHECK + i: check.kind for i, check in enumerate(chosen.checks)
        }
        frame = pl.LazyFrame({"text": texts}, schema={"text": pl.String})
        readings = frame.select(
            chosen.reading(pl.col("text"), context(format_id, **options)).alias("reading")
        ).collect(engine="streaming")
        found = []
        for reading in readings["reading"]:
            changes = tuple(kind for kind, bit in NOTE_BIT.items() if reading["notes"] & bit)
            assert set(changes) <= set(chosen.kinds)
            found.append(Read(reading["value"], changes, names.get(reading["failure"])))
        return found

    return read_texts


@pytest.fixture(scope="session")
def parts() -> Callable[..., list[object]]:
    """The parts that a format derives from texts."""

    def parts_of(format_id: str, part: str, texts: list[str], **options: Any) -> list[object]:
        chosen = FORMATS[format_id]
        frame = pl.LazyFrame({"text": texts}).select(
            chosen.reading(pl.col("text"), context(format_id, **options)).alias("reading")
        )
        derived = frame.select(chosen.parts[part](pl.col("reading")).alias("part"))
        return derived.collect(engine="streaming")["part"].to_list()

    return parts_of
