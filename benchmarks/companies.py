"""A company file of any size: the rows of a small one, repeated and varied.

Belongs here: making the file that `benchmarks.run intake` takes in. Source: the real registration
file where LAKEHOUSE_REAL_DELIVERIES names a folder that holds it, else the sample.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from demo.identifiers import USCC_ALPHABET, organization_check, uscc_of

REAL = "enterprise_registration_zibo.csv"
SAMPLE = "sample/market_supervision/business_entities/business_entities_2026-09-30.csv"
NAME, USCC = "企业名称", "统一社会信用代码"
PREFIX = "91370303"


def source() -> Path:
    """The file whose rows are repeated."""
    folder = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
    if folder and (Path(folder) / REAL).is_file():
        return Path(folder) / REAL
    return Path(__file__).resolve().parent.parent / "demo" / SAMPLE


def write(path: Path, rows: int, seed: int) -> None:
    """Writes `rows` companies as CSV (UTF-8, CRLF): unique valid codes, unique names.

    `seed` moves where in the source the repetition begins and with which serial. At most 100
    million rows, the number of codes that the eight digits of a serial allow.
    """
    with source().open(encoding="utf-8-sig", newline="") as lines:
        header, *known = csv.reader(lines)
    whole = [row for row in known if len(row) == len(header)]
    with path.open("w", encoding="utf-8", newline="") as sink:
        writer = csv.writer(sink)
        writer.writerow(header)
        writer.writerows(_varied(header, whole, rows, seed))


def _varied(header: list[str], known: list[list[str]], rows: int, seed: int) -> Iterator[list[str]]:
    name, code = header.index(NAME), header.index(USCC)
    for number in range(rows):
        row = list(known[(number + seed) % len(known)])
        serial = (number + seed) % 100_000_000
        row[name] = f"{row[name]}{serial}"
        row[code] = _unique_code(row[code], serial)
        yield row


def _unique_code(old: str, serial: int) -> str:
    """A valid code with this serial; department and division are those of the old code."""
    usable = len(old) == 18 and all(char in USCC_ALPHABET for char in old[:8])
    prefix = old[:8] if usable else PREFIX
    body = f"{serial:08d}"
    return uscc_of(body + organization_check(body), prefix[2:8], prefix[:2])
