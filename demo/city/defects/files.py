"""Odd files: whole columns and deliveries that are not as they should be.

Belongs here: what a declared fault of a delivery does to its rows, headers and bytes, and its
label. Which delivery has which stands in `days.yaml`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from demo.city.days import Calendar, FileFault
from demo.city.declared import declaration
from demo.city.defects.keys import hashed, key_texts
from demo.city.defects.labels import LABELS
from demo.city.form import Form
from demo.city.rng import Draws

_STRAY: Final = b"\xff"
"""A byte that neither UTF-8 nor GB18030 knows."""
_COPY: Final = 1 << 20
_ZERO_WIDTH: Final = "\u200b"


def kept_rows(
    fault: FileFault | None, text: pl.DataFrame, dataset: Dataset, seed: int
) -> pl.Series:
    """Which rows the delivery holds."""
    every = np.ones(text.height, dtype=bool)
    if fault is not None and fault.kind == "empty":
        every[:] = False
    if fault is not None and fault.kind == "partial":
        draws = Draws(seed, f"partial/{dataset.ref}")
        every = ~draws.chance(hashed(key_texts(text, dataset)), fault.lost)
    return pl.Series(every)


def headers(fault: FileFault | None, right: dict[str, str]) -> dict[str, str]:
    """Column id → header of the file; a column that is added has no id in the catalogue."""
    if fault is None:
        return right
    named = dict.fromkeys(fault.columns, fault.header)
    if fault.kind == "wrong_headings":
        named = dict(zip(fault.columns, [right[name] for name in fault.columns[::-1]], strict=True))
    elif fault.kind == "look_alike_headers":
        named = {column: f"{name[:1]}{_ZERO_WIDTH}{name[1:]}　" for column, name in right.items()}
    elif fault.kind == "column_added":
        named = {"_added": fault.header}
    elif fault.kind == "column_missing":
        return {name: header for name, header in right.items() if name not in fault.columns}
    return right | named


def with_added(fault: FileFault | None, text: pl.DataFrame, before: int) -> pl.DataFrame:
    """The text with the column that the catalogue doesn't know."""
    if fault is None or fault.kind != "column_added":
        return text
    number = pl.int_range(before + 1, before + 1 + pl.len()).cast(pl.String)
    return text.with_columns(number.alias("_added"))


def form_of_file(
    fault: FileFault | None, form: Form, catalog: Catalog, dataset: Dataset, calendar: Calendar
) -> Form:
    """The form of the file: with titles above the header where it has any."""
    if fault is None or fault.kind != "title_rows":
        return form
    words = {
        "name": dataset.name,
        "agency": catalog.agencies[dataset.agency].name,
        "date": calendar.date(fault.day),
    }
    return replace(form, titles=tuple(t.format(**words) for t in declaration("days")["titles"]))


def spoil(fault: FileFault | None, path: Path) -> None:
    """What happens to the bytes of the written file."""
    if fault is None or fault.kind != "invalid_byte":
        return
    spoiled = path.with_name(f".{path.name}.spoiled")
    middle = path.stat().st_size // 2
    with path.open("rb") as source, spoiled.open("wb") as out:
        while middle > 0:
            piece = source.read(min(_COPY, middle))
            middle -= len(piece)
            out.write(piece)
        out.write(_STRAY)
        while piece := source.read(_COPY):
            out.write(piece)
    spoiled.replace(path)


def label_of(fault: FileFault, dataset: Dataset, file: str, right: dict[str, str]) -> pl.DataFrame:
    """The labels of a faulty delivery: one, or one for each wrong column."""
    about = declaration("days")["kinds"][fault.kind]
    columns = fault.columns if about["scope"] == "column" else ("",)
    written = headers(fault, right)
    rows = [
        _label(fault, dataset, file, column)
        | {
            "original": right.get(column) if column else None,
            "delivered": written.get(column) if column else None,
        }
        for column in columns
    ]
    return pl.DataFrame(rows, schema=LABELS)


def label_of_silence(dataset: Dataset, calendar: Calendar) -> pl.DataFrame:
    """The label of a dataset that its owner never delivers."""
    fault = FileFault("never_delivered", dataset.ref, calendar.days)
    return pl.DataFrame([_label(fault, dataset, "", "")], schema=LABELS)


def _label(fault: FileFault, dataset: Dataset, file: str, column: str) -> dict[str, object]:
    about = declaration("days")["kinds"][fault.kind]
    return {
        "label": 1,
        "day": fault.folder or fault.day,
        "file": file or None,
        "scope": about["scope"],
        "dataset": dataset.ref,
        "deliverer": dataset.agency,
        "column": column or None,
        "kind": fault.kind,
        "found_by": "|".join(about["found_by"]).replace("*.wrong", f"{column}.wrong"),
        "continues": "no",
    }
