"""Standard values as the text that an agency writes.

Belongs here: dates, amounts and codes as text. Headers and files stand in `demo.city.write`.
"""

from __future__ import annotations

import polars as pl

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from demo.city.declared import declaration
from demo.city.form import Form
from demo.city.quick_text import amount_texts, day_texts, moment_texts


class Rendering:
    """How the rows of one dataset become text in one form."""

    def __init__(self, dataset: Dataset, catalog: Catalog, form: Form) -> None:
        self._form = form
        self._names = {} if form.codes else _named_columns(dataset, catalog)

    def text(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The same rows in the same order: String columns by column id, nulls kept, the columns
        that begin with `_` left out."""
        return pl.DataFrame(
            {
                column.name: self._column(column)
                for column in frame.iter_columns()
                if not column.name.startswith("_")
            }
        )

    def _column(self, column: pl.Series) -> pl.Series:
        if column.name in self._names:
            return column.replace(self._names[column.name])
        if column.dtype == pl.Date:
            return day_texts(column, self._form.dates)
        if isinstance(column.dtype, pl.Datetime):
            return moment_texts(column)
        if column.dtype.is_float():
            return amount_texts(column)
        return column if column.dtype == pl.String else column.cast(pl.String)


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
