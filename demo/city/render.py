"""Standard values as the text that an agency writes.

Belongs here: dates, amounts and codes as text. Headers and files stand in `demo.city.write`.
"""

from __future__ import annotations

import polars as pl

from catalog.entries import Catalog
from catalog.models import Dataset
from demo.city.declared import declaration
from demo.city.form import Form


class Rendering:
    """How the rows of one dataset become text in one form."""

    def __init__(self, dataset: Dataset, catalog: Catalog, form: Form) -> None:
        self._form = form
        self._names = {} if form.codes else _named_columns(dataset, catalog)

    def text(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The same rows in the same order: String columns by column id, nulls kept, the columns
        that begin with `_` left out."""
        return frame.select(
            self._column(name, dtype).alias(name)
            for name, dtype in frame.schema.items()
            if not name.startswith("_")
        )

    def _column(self, name: str, dtype: pl.DataType) -> pl.Expr:
        column = pl.col(name)
        if name in self._names:
            return column.replace(self._names[name])
        if dtype == pl.Date:
            return column.dt.strftime(self._form.dates)
        if isinstance(dtype, pl.Datetime):
            return column.dt.strftime("%Y-%m-%d %H:%M:%S")
        if dtype.is_float():
            return _plain(column)
        return column if dtype == pl.String else column.cast(pl.String)


def _plain(column: pl.Expr) -> pl.Expr:
    """The shortest text of a number, without `.0`."""
    return column.cast(pl.String).str.strip_suffix(".0")


def _named_columns(dataset: Dataset, catalog: Catalog) -> dict[str, dict[str, str]]:
    """For each column that is written by name: code → name."""
    tables = declaration("formats")["names_of"]
    named = {}
    for column in dataset.columns:
        table = catalog.elements[column.element].code_table
        if table is not None and table in tables:
            codes = catalog.codes(table)
            named[column.id] = {code.code: code.name for code in codes}
    return named
