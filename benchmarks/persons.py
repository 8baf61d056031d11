"""Insured persons of any number, some of them with one fault, and the rules that should find it.

Belongs here: making the file that `benchmarks.quality` has checked, and what its rules need to know
(null words, codes in force). Every row is a function of its number and the seed. Nothing is written
in a form that would have to be normalised first, which only the lakehouse could do.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from catalog.load import load_catalog
from demo.city.rng import Draws
from quality.standards.identity_number import check_characters
from quality.standards.lookup import in_force
from quality.standards.text import NULL_WORDS

DATASET = "medical_insurance/insured_persons"
AS_OF = date(2026, 9, 30)
FAULTY = 0.04
"""Share of rows with a fault; each of the rules is broken by as many."""
NULL_WORD = "暂无"
COLUMNS = ("person_no", "insurance_type", "id_no", "name", "status", "insured_division")
CODED = ("insurance_type", "status", "insured_division")
RULES = (
    *(f"{column}.{kind}" for column in COLUMNS for kind in ("null_word", "required")),
    "person_no.pattern",
    *(f"{column}.code" for column in CODED),
    *(f"id_no.{kind}" for kind in ("length", "alphabet", "date", "check_digit")),
)
"""Twenty of the dataset's row rules. Left out: whether the division in a number was in force, for
which nobody else has the table, the length of a name, and keys that occur twice, which are counted
when a delivery is settled. A value counts with the first rule that it fails."""
PIECE = 250_000
_NAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄")
_GIVEN = ("伟", "芳", "秀英", "敏", "静", "志强", "磊", "洋", "艳", "建国", "婷婷", "浩然")
_YEARS = (1940, 2025)


def known() -> dict[str, list[str]]:
    """Null words, and for each coded column the codes in force on the day of the delivery."""
    catalog, day = load_catalog(), AS_OF.isoformat()
    codes = {
        column: catalog.codes(catalog.element_of(DATASET, column).code_table or "")
        for column in CODED
    }
    in_use = {
        column: sorted({code.code for code in table if in_force(code, day)})
        for column, table in codes.items()
    }
    return {"null_words": sorted(NULL_WORDS), **in_use}


def write(folder: Path, rows: int, seed: int) -> Path:
    """Writes `persons.csv` (UTF-8) and `known.json` into the folder; returns the former's path."""
    facts = known()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "known.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    path, draws = folder / "persons.csv", Draws(seed, "benchmark/persons")
    with path.open("wb") as sink:
        for start in range(0, rows, PIECE):
            index = np.arange(start, min(start + PIECE, rows))
            piece = _faulty(_sound(index, draws, facts), index, draws)
            piece.write_csv(sink, include_header=start == 0)
    return path


def _sound(index: np.ndarray, draws: Draws, facts: dict[str, list[str]]) -> pl.DataFrame:
    divisions = [code for code in facts["insured_division"] if len(code) == 6 and code[4:] != "00"]
    place = draws.integers(index, 0, len(divisions), 1)
    year = draws.integers(index, *_YEARS, 2)
    born = year * 10_000 + draws.integers(index, 1, 13, 3) * 100 + draws.integers(index, 1, 29, 4)
    order = draws.integers(index, 1, 1000, 5)

    def one_of(values: list[str], draw: int) -> pl.Series:
        return pl.Series(np.asarray(values)[draws.integers(index, 0, len(values), draw)])

    body = pl.DataFrame({"at": np.asarray(divisions)[place], "born": born, "order": order}).select(
        pl.concat_str("at", "born", pl.col("order").cast(pl.String).str.zfill(3)).alias("body")
    )["body"]
    return pl.DataFrame(
        {
            "person_no": pl.Series(index + 370_300_000_000).cast(pl.String),
            "insurance_type": one_of(facts["insurance_type"], 6),
            "id_no": with_check(body),
            "name": one_of(list(_NAMES), 7) + one_of(list(_GIVEN), 8),
            "status": one_of(facts["status"], 9),
            "insured_division": one_of(divisions, 10),
        }
    )


def with_check(body: pl.Series) -> pl.Series:
    """Numbers of 17 digits with their check character behind them."""
    characters = np.frombuffer(body.str.join("").item().encode(), np.uint8).reshape(-1, 17)
    return body + pl.Series(check_characters(characters).view("S1").astype("U1"))


def _faulty(sound: pl.DataFrame, index: np.ndarray, draws: Draws) -> pl.DataFrame:
    rule = np.where(
        draws.chance(index, FAULTY, 11), draws.integers(index, 0, len(RULES), 12), len(RULES)
    )
    faulty = sound
    for number, name in enumerate(RULES):
        column, kind = name.split(".")
        hit = pl.Series(rule == number)
        broken = _BREAK[kind](faulty[column].filter(hit))
        values = faulty[column].scatter(hit.arg_true(), broken)
        faulty = faulty.with_columns(values)
    return faulty


def _constant(value: str | None) -> Callable[[pl.Series], pl.Series]:
    return lambda values: pl.Series([value] * len(values), dtype=pl.String)


def _no_such_day(numbers: pl.Series) -> pl.Series:
    """A thirteenth month, and the check character that belongs to it."""
    return with_check(numbers.str.head(10) + "13" + numbers.str.slice(12, 5))


def _wrong_check(numbers: pl.Series) -> pl.Series:
    right = numbers.str.tail(1)
    return numbers.str.head(17) + (right == "1").replace_strict({True: "2", False: "1"})


_BREAK: dict[str, Callable[[pl.Series], pl.Series]] = {
    "null_word": _constant(NULL_WORD),
    "required": _constant(None),
    "pattern": _constant("3703-1"),
    "code": _constant("999999"),
    "length": lambda numbers: numbers.str.head(17),
    "alphabet": lambda numbers: numbers.str.head(6) + "*" + numbers.str.tail(11),
    "date": _no_such_day,
    "check_digit": _wrong_check,
}
