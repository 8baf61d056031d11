"""Labels as somebody wrote them: what must be there, and what follows where it is left out.

Belongs here: checking and completing the two tables of labels. The columns are described in
`demo.city.defects.labels`; holding labels against findings stands in `demo.score`.

A label needs `dataset` and `kind`, and `file` unless its dataset was never delivered; one of a cell
or column needs `column`. All other columns may be missing. A label is found by the rules that its
kind declares (`demo/city/defects.yaml`, `days.yaml`), and by those that its `found_by` names; a
kind that is declared nowhere, without `found_by`, is taken for the name of a rule itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from catalog.entries import Catalog
from demo.city.declared import declaration
from demo.city.defects.labels import COLLATERAL, LABELS

NEEDED: Final = ("file", "dataset", "kind")
SCOPES: Final = ("cell", "row", "column", "delivery")
_NO_COLUMN: Final = ("row", "key", "record", "between", "delivery")
"""What the ids of rules begin with that are about more than one column."""
_SHOWN: Final = 5


class BadLabels(ValueError):
    """Labels that can't be used; the message names the file, what is wrong and where."""


def read_labels(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`labels.csv` and `collateral.csv` of a folder, completed: schemas LABELS and COLLATERAL.

    Without collateral.csv there is none. BadLabels when a file or column is missing, a number is
    none, or collateral names a label that isn't there.
    """
    labels = completed(_read(folder / "labels.csv"))
    brought = folder / "collateral.csv"
    collateral = COLLATERAL.to_frame()
    if brought.exists():
        collateral = _typed(_read(brought), COLLATERAL, "collateral.csv")
        unknown = collateral.filter(~pl.col("label").is_in(labels["label"].implode()))
        _none_left(unknown, "label", "collateral.csv names labels that labels.csv doesn't have")
    return labels, collateral


def _read(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise BadLabels(f"{path.name} is missing in {path.parent}")
    try:
        return pl.read_csv(path, infer_schema=False)
    except pl.exceptions.NoDataError as error:
        raise BadLabels(f"{path.name} is empty; its first line should name the columns") from error
    except pl.exceptions.PolarsError as error:
        raise BadLabels(f"{path.name} can't be read as CSV in UTF-8") from error


def completed(written: pl.DataFrame) -> pl.DataFrame:
    """Labels (all text) with the columns and types of LABELS; what was left out is filled in."""
    missing = [column for column in NEEDED if column not in written.columns]
    if missing:
        raise BadLabels(f"labels.csv lacks the columns {', '.join(missing)}")
    labels = written
    if "label" not in labels.columns:
        labels = labels.with_columns(pl.int_range(1, pl.len() + 1).cast(pl.String).alias("label"))
    if "key_original" not in labels.columns and "key" in labels.columns:
        labels = labels.with_columns(pl.col("key").alias("key_original"))
    labels = _typed(labels, LABELS, "labels.csv")
    _none_left(labels.filter(pl.col("label").is_duplicated()), "label", "labels.csv repeats labels")
    _none_left(
        labels.filter(pl.col("dataset").is_null() | pl.col("kind").is_null()),
        "label", "labels.csv has labels without dataset or kind",
    )  # fmt: skip
    owner, deliverer = (pl.col(name).str.split("/").list.first() for name in ("dataset", "file"))
    return labels.with_columns(
        pl.coalesce("scope", pl.Series(map(_scope, labels["kind"]), dtype=pl.String)),
        pl.coalesce("deliverer", deliverer, owner),
        pl.col("continues").fill_null("no"),
        pl.Series("found_by", _found_by(labels), dtype=pl.String),
    )


def _typed(written: pl.DataFrame, schema: pl.Schema, name: str) -> pl.DataFrame:
    """The schema's columns; those that the file doesn't have are null."""
    for column, dtype in schema.items():
        if column in written.columns and dtype == pl.Int64():
            wrong = (
                pl.col(column).is_not_null() & pl.col(column).cast(dtype, strict=False).is_null()
            )
            _none_left(written.filter(wrong), column, f"{name}: {column} is no whole number")
    columns = [
        (pl.col(column) if column in written.columns else pl.lit(None)).cast(dtype).alias(column)
        for column, dtype in schema.items()
    ]
    return written.select(columns)


def _none_left(wrong: pl.DataFrame, column: str, message: str) -> None:
    if wrong.height:
        shown = ", ".join(str(value) for value in wrong[column].unique().sort().head(_SHOWN))
        more = ", …" if wrong[column].n_unique() > _SHOWN else ""
        raise BadLabels(f"{message}: {shown}{more}")


def _kinds() -> dict[str, dict[str, Any]]:
    """All declared kinds, of cells and rows and of whole deliveries."""
    cells, whole = (declaration(name)["kinds"] for name in ("defects", "days"))
    kinds: dict[str, dict[str, Any]] = cells | whole
    return kinds


def _scope(kind: str) -> str:
    scope: str = _kinds().get(kind, {}).get("scope", "cell")
    return scope


def _found_by(labels: pl.DataFrame) -> list[str]:
    """For each label the rules that find it, `|` between."""
    cases = labels.select("kind", "column", "found_by").iter_rows()
    return ["|".join(dict.fromkeys(_rules(kind, column, own))) for kind, column, own in cases]


def _rules(kind: str, column: str | None, own: str | None) -> list[str]:
    named = own.split("|") if own else []
    declared = _kinds().get(kind)
    if declared is not None:
        named += declared["found_by"]
    elif not named:
        named = [kind] if "." in kind else [kind, *(f"{first}.{kind}" for first in _NO_COLUMN)]
    return [rule if "." in rule else f"{column or '*'}.{rule}" for rule in named]


def undeclared(labels: pl.DataFrame) -> list[str]:
    """The kinds of labels that the demo declares nowhere."""
    return sorted(set(labels["kind"]) - _kinds().keys())


def check_labels(labels: pl.DataFrame, catalog: Catalog, files: set[str]) -> None:
    """BadLabels when labels are about what isn't there: `files` are the delivered ones, as paths
    below landing/."""
    if labels.is_empty():
        raise BadLabels("labels.csv holds no label")
    scope = pl.col("scope")
    _none_left(labels.filter(~scope.is_in(SCOPES)), "scope", "labels.csv has unknown scopes")
    _none_left(
        labels.filter(scope.is_in(["cell", "column"]) & pl.col("column").is_null()),
        "label", "labels.csv has labels of cells or columns without column",
    )  # fmt: skip
    _none_left(
        labels.filter(scope.is_in(["cell", "row"]) & pl.col("key").is_null()
                      & pl.col("row").is_null()),
        "label", "labels.csv has labels of cells or rows with neither key nor row",
    )  # fmt: skip
    known = {
        f"{ref}.{column.id}" for ref, entry in catalog.datasets.items() for column in entry.columns
    }
    _none_left(
        labels.filter(~pl.col("dataset").is_in(list(catalog.datasets))),
        "dataset", "labels.csv names datasets that the catalogue doesn't have",
    )  # fmt: skip
    places = labels.select(pl.format("{}.{}", "dataset", "column").alias("place")).drop_nulls()
    _none_left(
        places.filter(~pl.col("place").is_in(list(known))),
        "place", "labels.csv names columns that the catalogue doesn't have",
    )  # fmt: skip
    _none_left(
        labels.filter(pl.col("file").is_null() & (scope != "delivery")),
        "label", "labels.csv has labels without file that aren't about a whole delivery",
    )  # fmt: skip
    _none_left(
        labels.filter(~pl.col("file").is_in(list(files))),
        "file", "labels.csv names files that aren't there",
    )  # fmt: skip
