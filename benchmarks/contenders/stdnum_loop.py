"""A loop in Python over the rows, identity numbers judged by python-stdnum.

The parts of `stdnum.cn.ric.validate` are called one by one, since it says neither which of two
components is wrong nor leaves out the division, for which it has a table of its own.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent
from stdnum.util import isdigits

from benchmarks.contenders.frame import Found, Known, compete
from benchmarks.persons import CODED, COLUMNS

PATTERN = re.compile(r"[0-9A-Za-z]{8,30}")


def check(folder: Path, known: Known) -> Found:
    """By rule, row after row."""
    words = frozenset(known["null_words"])
    codes = {column: frozenset(known[column]) for column in CODED}
    failed: defaultdict[str, list[int]] = defaultdict(list)
    with (folder / "persons.csv").open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=1):
            for column in COLUMNS:
                kind = _fault(column, row[column], words, codes)
                if kind:
                    failed[f"{column}.{kind}"].append(number)
    return {rule: (len(rows), sum(rows)) for rule, rows in failed.items()}


def _fault(column: str, value: str, words: frozenset[str], codes: dict[str, frozenset[str]]) -> str:
    """The first rule that a value fails, or ''."""
    if not value:
        return "required"
    if value in words:
        return "null_word"
    if column in codes:
        return "" if value in codes[column] else "code"
    if column == "person_no":
        return "" if PATTERN.fullmatch(value) else "pattern"
    return _fault_of_number(value) if column == "id_no" else ""


def _fault_of_number(text: str) -> str:
    number = ric.compact(text)
    if len(number) != 18:
        return "length"
    if not isdigits(number[:-1]):
        return "alphabet"
    try:
        ric.get_birth_date(number)
    except InvalidComponent:
        return "date"
    return "" if number[-1] == ric.calc_check_digit(number) else "check_digit"


if __name__ == "__main__":
    compete("python-stdnum", check)
