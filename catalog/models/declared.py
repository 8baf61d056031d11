"""What all declarations share: names, texts, grades, the end of an entry, a cited standard.

Belongs here: what more than one kind of declaration is made of. Knows no kind of declaration
itself.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

IDENTIFIER = r"^[a-z][a-z0-9_]*$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER, max_length=60)]
"""A name of ours: lower case, digits, underscore. `_` first is reserved for technical columns."""

ChineseText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Text that agencies and analysts read."""

Grade = Annotated[int, Field(ge=1, le=4)]
"""Security grade of 一般 data, GB/T 43697-2024."""


def is_iso_date(text: str) -> bool:
    """Whether it is a day of the calendar, written YYYY-MM-DD and in no other form of ISO 8601."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _iso_date(text: str) -> str:
    if not is_iso_date(text):
        raise PydanticCustomError("iso_date", "YYYY-MM-DD 日期")
    return text


IsoDate = Annotated[str, AfterValidator(_iso_date)]
"""A day. Text, so that days compare as they are written."""


class Declared(BaseModel):
    """Base of all declarations: unknown fields are errors, values don't change once loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Retirement(Declared):
    """The end of an entry. It stays where it is, so that old data keeps its meaning, and nothing
    new is delivered or judged by it."""

    on: IsoDate
    reason: ChineseText


class Suspension(Declared):
    """What a person has taken out of use until its quality is mended (article 18)."""

    by: ChineseText
    """A named person."""
    on: IsoDate
    reason: ChineseText


class Standard(Declared):
    """The standard an element follows, e.g. code `GB 32100-2015`, clause `5.2`."""

    code: str
    clause: str = ""
