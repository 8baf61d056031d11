"""pointblank on Polars: its own steps where there is one, expressions for what there is none.

Null words are judged on the text as it stands, everything else without them, as whoever cleans
before he checks would do it.
"""

from __future__ import annotations

import sys
from functools import reduce
from operator import add
from pathlib import Path

import pointblank as pb
import polars as pl

from benchmarks.contenders.frame import Found, Known, compete
from benchmarks.persons import CODED, COLUMNS

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FORMED = "^[0-9]{17}[0-9X]$"


def check(folder: Path, known: Known) -> Found:
    """By rule, of two validations."""
    text = pl.read_csv(folder / "persons.csv", infer_schema=False)
    words = known["null_words"]
    as_it_stands = pb.Validate(data=text)
    for column in COLUMNS:
        as_it_stands = as_it_stands.col_vals_not_null(columns=column)
    for column in COLUMNS:
        as_it_stands = as_it_stands.col_vals_expr(
            expr=~pl.col(column).is_in(words).fill_null(False)
        )
    order = [f"{column}.{kind}" for kind in ("required", "null_word") for column in COLUMNS]
    found = _failed(as_it_stands, order)
    cleaned = text.with_columns(
        pl.when(~pl.col(column).is_in(words)).then(pl.col(column)).alias(column)
        for column in COLUMNS
    )
    rest = pb.Validate(data=cleaned).col_vals_regex(
        columns="person_no", pattern="^[0-9A-Za-z]{8,30}$", na_pass=True
    )
    for column in CODED:
        rest = rest.col_vals_expr(expr=pl.col(column).is_in(known[column]).fill_null(True))
    for holds in _number_holds(pl.col("id_no")):
        rest = rest.col_vals_expr(expr=holds.fill_null(True))
    order = ["person_no.pattern", *(f"{column}.code" for column in CODED)]
    order += [f"id_no.{kind}" for kind in ("length", "alphabet", "date", "check_digit")]
    return found | _failed(rest, order)


def _number_holds(number: pl.Expr) -> tuple[pl.Expr, ...]:
    """Length, alphabet, date, check digit; each holds where one before it doesn't."""
    length = number.str.len_chars() == 18
    formed = number.str.contains(FORMED)
    born = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False).is_not_null()
    digits = [
        number.str.slice(place, 1).cast(pl.Int32, strict=False) * weight
        for place, weight in enumerate(WEIGHTS)
    ]
    asked = pl.lit("10X98765432").str.slice(reduce(add, digits) % 11, 1)
    return length, ~length | formed, ~formed | born, ~formed | ~born | (number.str.tail(1) == asked)


def _failed(validation: pb.Validate, order: list[str]) -> Found:
    done = validation.interrogate(collect_tbl_checked=False, extract_limit=sys.maxsize)
    rows = (done.get_data_extracts(i=step, frame=True) for step in range(1, len(order) + 1))
    return {
        rule: (len(failing), int(failing["_row_num_"].cast(pl.Int64).sum()))
        for rule, failing in zip(order, rows, strict=True)
    }


if __name__ == "__main__":
    compete("pointblank", check)
