"""What the base databases cost: `python -m benchmarks.bases HOME STEP`, in a process of its own.

Belongs here: standard tables of a clean city, written as a settled delivery leaves them; building
every base table over them; and the floor that the build is held against. `benchmarks.run` measures
the steps and states the figures.

STEP is `prepare RESIDENTS SEED`, `build` or `floor`. The floor is a bare scan and join: for each
base table, the columns that it takes of its contributors, joined in full by the same keys, into
Parquet. It keeps one row a key where a contributor has several, and nothing else: no choice between
sources, no provenance, no history.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import polars as pl

from assets.base.build import build
from assets.base.contributions import may_repeat
from assets.base.deriving import derive
from assets.derived_tables import derived_tables
from assets.lakehouse import Lakehouse
from catalog.entries import Catalog
from catalog.models.base_tables import BaseTable, Contributor
from demo.city.city import City
from demo.city.table import tables
from quality.standardise import standardise
from warehouse.engine import Engine, literal, quoted
from warehouse.home import Clock, Home
from warehouse.lake import LakeFile
from warehouse.log import Delivery, State

NOW = datetime(2026, 9, 30, 20)
_CHUNK = 250_000


def main() -> None:
    """Does one step in a home."""
    home, step, *more = sys.argv[1:]
    house = Lakehouse.open(Home(Path(home)), Clock(NOW))
    if step == "prepare":
        rows = prepare(house, City(house.catalog, int(more[0]), seed=int(more[1])))
        sys.stdout.write(f"{rows}\n")
        return
    with house.engine() as engine:
        if step == "build":
            for table in house.catalog.base.values():
                build(house, engine, table)
            for derived in derived_tables():
                derive(house, engine, derived)
        else:
            floor(house, engine)


def read_by_bases(catalog: Catalog) -> list[str]:
    """Refs of the datasets that base tables are made of, and those that derived ones read."""
    read = {ref for table in catalog.base.values() for ref in table.datasets}
    read |= {
        name.removeprefix("standard/")
        for table in derived_tables()
        for name in table.reads
        if name.startswith("standard/")
    }
    return sorted(read)


def prepare(house: Lakehouse, city: City) -> int:
    """Writes the standard tables, one delivery each; the number of rows."""
    made, rows = tables(), 0
    for number, ref in enumerate(read_by_bases(house.catalog), start=1):
        lake, name = house.lake, f"standard/{ref}"
        lake.ensure(name, house.schemas[name])
        agency, delivery, files = ref.partition("/")[0], f"d{number:06d}", []
        before = rows
        for part, frame in enumerate(made[ref].chunks(city, _CHUNK)):
            file = lake.path(name) / f"{delivery}-{part:04d}.parquet"
            held = rows - before
            raw = _raw(house.catalog, ref, frame, delivery, agency, number, held)
            standard = standardise(raw, house.catalog, ref, NOW.date())
            standard.match_to_schema(house.schemas[name], missing_columns="insert").sink_parquet(
                file, compression="zstd"
            )
            files.append(LakeFile(file, frame.height))
            rows += frame.height
        lake.commit(name, files, delivery)
        house.log.record("applied", _delivery(ref, agency, delivery, number, rows - before))
    return rows


def _raw(
    catalog: Catalog,
    ref: str,
    frame: pl.DataFrame,
    delivery: str,
    agency: str,
    seq: int,
    before: int,
) -> pl.LazyFrame:
    """The frame as intake would have read it."""
    columns = [column.id for column in catalog.datasets[ref].columns]
    return frame.lazy().select(
        *(
            pl.col(name).cast(pl.String)
            if name in frame.columns
            else pl.lit(None, pl.String).alias(name)
            for name in columns
        ),
        _op=pl.lit("upsert"),
        _row=pl.int_range(before + 1, before + 1 + pl.len(), dtype=pl.Int64),
        _shape=pl.lit(None, pl.String),
        _delivery=pl.lit(delivery),
        _seq=pl.lit(seq, pl.Int64),
        _agency=pl.lit(agency),
    )


def _delivery(ref: str, agency: str, delivery: str, seq: int, rows: int) -> Delivery:
    return Delivery(
        delivery=delivery, dataset=ref, agency=agency, file="a.csv", source="a.csv", mtime_ns=0,
        size=0, sha256=delivery, state=State.APPLIED, seq=seq, ordered_at=NOW, first_seen=NOW,
        counted=rows, accepted=rows, upserted=rows, replaced=0, removed=0,
    )  # fmt: skip


def floor(house: Lakehouse, engine: Engine) -> None:
    """The bare scan and join of what each base table is made of, into Parquet."""
    folder = house.workspace("floor")
    for table in house.catalog.base.values():
        target = folder / f"{table.database}-{table.id}.parquet"
        engine.con.execute(
            f"COPY ({_joined(house.catalog, table)}) TO {literal(str(target))}"
            " (FORMAT parquet, COMPRESSION zstd)"
        )


def _joined(catalog: Catalog, table: BaseTable) -> str:
    using = ", ".join(quoted(key) for key in table.keys)
    parts = [f"({_scanned(catalog, table, each)})" for each in table.contributors]
    joined = f"{parts[0]} AS t0" + "".join(
        f" FULL JOIN {part} AS t{at} USING ({using})" for at, part in enumerate(parts[1:], start=1)
    )
    return f"SELECT * FROM {joined}"


def _scanned(catalog: Catalog, table: BaseTable, each: Contributor) -> str:
    keys = ", ".join(
        f"{expression.replace('linked', 'NULL') if each.linked else expression} AS {quoted(key)}"
        for expression, key in zip(each.key, table.keys, strict=True)
    )
    taken = dict.fromkeys(
        source.column
        for column in table.columns
        for source in column.sources
        if source.contributor == each.id
    )
    told = "".join(f", {quoted(name)} AS {quoted(f'{each.id}_{name}')}" for name in taken)
    conditions = [f"{quoted(key)} IS NOT NULL" for key in table.keys]
    where = f" WHERE {each.where}" if each.where else ""
    scanned = f"SELECT {keys}{told} FROM standard.{each.dataset.replace('/', '.')}{where}"
    known = f"SELECT * FROM ({scanned}) WHERE {' AND '.join(conditions)}"
    if not may_repeat(catalog, each):
        return known
    by = ", ".join(quoted(key) for key in table.keys)
    firsts = "".join(
        f", any_value({quoted(f'{each.id}_{name}')}) AS {quoted(f'{each.id}_{name}')}"
        for name in taken
    )
    return f"SELECT {by}{firsts} FROM ({known}) GROUP BY {by}"


if __name__ == "__main__":
    main()
