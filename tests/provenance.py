"""From a value of a base table back to the file in which an agency delivered it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.base.unfold import values
from assets.lakehouse import Lakehouse
from catalog.models.base_tables import BaseSource, BaseTable
from tests.delivered_files import cell, text
from warehouse.engine import Engine, quoted
from warehouse.home import Clock, Home


@dataclass(frozen=True)
class Cell:
    """A value of a base table, and where its provenance says that it was delivered."""

    table: str
    column: str
    value: str
    dataset: str
    dataset_column: str
    delivery: str
    row: int


def cells(house: Lakehouse, engine: Engine, each: int, seed: int) -> list[Cell]:
    """Up to `each` values of each base table, drawn at random."""
    drawn = random.Random(seed)
    found: list[Cell] = []
    for table in house.catalog.base.values():
        query = values(house.catalog, table, f"base.{table.ref}", "quality.main.deliveries")
        rows = engine.con.execute(
            f'SELECT "column", value, dataset, dataset_column, delivery, row FROM ({query})'
            " ORDER BY ALL"
        ).fetchall()
        found += [Cell(table.ref, *row) for row in drawn.sample(rows, min(each, len(rows)))]
    return found


def follow(house: Lakehouse, engine: Engine, it: Cell) -> bool:
    """Asserts that the row of the file is the one that was read and that its standard form holds
    the value; False where the file has no such cell, a constant or another column standing in."""
    source = _source(house, house.catalog.base[it.table], it)
    place = f"{it.delivery}, row {it.row}, {it.dataset}.{it.dataset_column}"
    read = _only(engine, f"SELECT {quoted(it.dataset_column)} FROM raw.{_named(it)}", it)
    links = f"SELECT linked FROM quality.main.links WHERE dataset = '{it.dataset}' AND key = _key"
    standard = f"(SELECT *, ({links}) AS linked FROM history.{_named(it)})"
    if not source.of_key:
        told = _only(engine, f"SELECT ({source.expression})::VARCHAR FROM {standard}", it)
        assert _same(told, it.value), f"{it.table}.{it.column}: {place} holds another value"
    dataset = house.catalog.datasets[it.dataset]
    constant = any(it.dataset_column in shape.constants for shape in dataset.shapes)
    if read is None or constant or source.of_key:
        return False
    column = next(each for each in dataset.columns if each.id == it.dataset_column)
    delivered = cell(
        _file(house.home, it.delivery), it.row, (column.name, column.id, *column.aliases)
    )
    assert _same(delivered, read), f"{place}: the file has another text than was read"
    return True


def _only(engine: Engine, query: str, it: Cell) -> Any:
    where = "WHERE _delivery = $1 AND _row = $2"
    ((found,),) = engine.con.execute(f"{query} {where}", [it.delivery, it.row]).fetchall()
    return found


def _named(it: Cell) -> str:
    return it.dataset.replace("/", ".")


def _source(house: Lakehouse, table: BaseTable, it: Cell) -> BaseSource:
    column = next(each for each in table.columns if each.id == it.column)
    (source,) = {
        each.expression: each
        for each in house.catalog.sources_of(table, column)
        if each.column == it.dataset_column
        and table.contributor(each.contributor).dataset == it.dataset
    }.values()
    return source


def _file(home: Home, delivery: str) -> Path:
    (file,) = (
        path
        for path in (home.archive / delivery).iterdir()
        if not path.name.endswith(".manifest.json")
    )
    return file


def _same(delivered: Any, read: str) -> bool:
    told = text(delivered).strip()
    if told == read.strip():
        return True
    try:
        return float(told) == float(read)
    except ValueError:
        return False


def follow_all(home: Path, each: int, seed: int) -> tuple[Sequence[Cell], Sequence[Cell]]:
    """The cells drawn, and those whose very text was found in the delivered file."""
    house = Lakehouse.open(Home(home), Clock())
    try:
        with house.engine() as engine:
            drawn = cells(house, engine, each, seed)
            return drawn, [it for it in drawn if follow(house, engine, it)]
    finally:
        house.close()
