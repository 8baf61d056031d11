"""How true the base databases are: `python -m demo.truth`, or `make truth`.

Belongs here: a city without defects, whose base tables must hold exactly what the city is, and the
same city with defects, whose base tables must hold the same wherever the standard source was right.
Taking deliveries in stands in `demo.taking_in`.

Exit status: 0 where both hold; 1 where they do not; 2 where nothing could be judged.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from catalog.entries import Catalog
from catalog.load import load_catalog
from catalog.models.base_tables import BaseTable
from demo.city.city import City
from demo.city.declared import declaration
from demo.city.domains.electronic_licenses import electronic_licenses, kinds
from demo.city.text import NEVER
from demo.disagreements import divergences, labels_of, put_labels
from demo.label_files import BadLabels, read_labels
from demo.taking_in import Lakehouse, NotJudged, days_in, tell

Counts = dict[str, int]
"""What is counted, in words → how many."""


def truth(city: City) -> Counts:
    """What the city itself says of its people, firms and licences."""
    people, units = city.people, city.units
    everyone = np.arange(people.count)
    here = people.present[everyone]
    status = np.array(list(declaration("units")["firm_status"]))[units.status[: units.firms]]
    slots = sum(kind.count for kind in kinds(city))
    licenses = electronic_licenses(city, 0, slots)
    registered = np.arange(people.registered)
    on_register = registered[here[registered]]
    division = city.places.division_codes(people.address[on_register]).str.slice(0, 6)
    counts = {
        "persons": people.count,
        "persons living": int((people.died == NEVER).sum()),
        "persons on the register": len(on_register),
        "certificates valid": int((licenses["status"] == "10").sum()),
    }
    counts |= {f"firms of status {code}": int((status == code).sum()) for code in set(status)}
    by_division = division.value_counts(name="people")
    return counts | {
        f"registered in {row[by_division.columns[0]]}": row["people"]
        for row in by_division.to_dicts()
    }


def counted(con: duckdb.DuckDBPyConnection) -> Counts:
    """The same, from the base tables."""
    one = {
        "persons": "SELECT count(*) FROM population_person WHERE _registered",
        "persons living": (
            "SELECT count(*) FROM population_person WHERE _registered AND died_on IS NULL"
        ),
        "persons on the register": "SELECT sum(registered) FROM population_count",
        "certificates valid": "SELECT count(*) FROM license_certificate WHERE status = '10'",
    }
    many = (
        "SELECT 'firms of status ' || status, count(*) FROM legal_person_entity"
        " WHERE status IS NOT NULL GROUP BY ALL",
        "SELECT 'registered in ' || division, sum(registered) FROM population_count"
        " GROUP BY ALL HAVING sum(registered) > 0",
    )
    counts = {}
    for name, query in one.items():
        row = con.execute(query).fetchone()
        counts[name] = int(row[0] or 0) if row else 0
    for query in many:
        counts |= {name: int(number) for name, number in con.execute(query).fetchall()}
    return counts


def tables_of(home: Path, catalog: Catalog) -> duckdb.DuckDBPyConnection:
    """A connection in which `<database>_<table>` is what stands of each base table."""
    con = duckdb.connect()
    keys = {f"{table.database}_{table.id}": table.keys for table in catalog.base.values()}
    for folder in sorted((home / "lake" / "base").glob("*/*")):
        name = f"{folder.parent.name}_{folder.name}"
        rows = pl.read_delta(str(folder)).to_arrow()
        con.register("given", rows)
        present = "SELECT * FROM given"
        if name in keys:
            key = ", ".join(f'"{column}"' for column in keys[name])
            present = (
                "SELECT * FROM (SELECT * FROM given QUALIFY row_number()"
                f" OVER (PARTITION BY {key} ORDER BY _build DESC) = 1) WHERE _op = 'upsert'"
            )
        con.execute(f"CREATE TABLE {name} AS {present}")
        con.unregister("given")
    return con


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cells of one base table that have a value in the clean city: in how many rows the one with
    defects has one too, how many of these agree, and of those that an undamaged row of a standard
    source gave, how many do not (`wrong`)."""

    table: str
    expected: int
    cells: int
    equal: int
    wrong: Mapping[str, int]
    """Column → cells."""


def agreement(
    clean: duckdb.DuckDBPyConnection, damaged: duckdb.DuckDBPyConnection, catalog: Catalog
) -> Iterator[Agreement]:
    """One for each base table, the clean city's values being the truth."""
    for table in catalog.base.values():
        yield _of_table(clean, damaged, catalog, table)


def _of_table(
    clean: duckdb.DuckDBPyConnection,
    damaged: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    table: BaseTable,
) -> Agreement:
    name = f"{table.database}_{table.id}"
    damaged.register("truth_given", clean.execute(f"FROM {name}").to_arrow_table())
    match = " AND ".join(f'ours."{key}" = truth."{key}"' for key in table.keys)
    expected, cells, equal, wrong = 0, 0, 0, {}
    for place, column in enumerate(table.columns, start=1):
        standard = [
            table.code(each.contributor)
            for each in catalog.sources_of(table, column)
            if catalog.is_standard(table, each)
        ]
        row = damaged.execute(
            f"""
            SELECT count(*), count(*) FILTER (given), count(*) FILTER (given AND same),
                count(*) FILTER (
                    given AND NOT same AND list_contains($standard, code) AND NOT EXISTS (
                    FROM damaged_rows WHERE damaged_rows.delivery = source.delivery
                        AND coalesce(damaged_rows.row = source.row, true)))
            FROM (
                SELECT ours."{column.id}" IS NOT NULL AS given,
                    ours."{column.id}" IS NOT DISTINCT FROM truth."{column.id}" AS same,
                    ours._src[{place}] AS code,
                    list_filter(ours._contributors, lambda s: s.code = ours._src[{place}])[1]
                        AS source
                FROM truth_given AS truth LEFT JOIN {name} AS ours ON {match}
                WHERE truth."{column.id}" IS NOT NULL
            )
            """,
            {"standard": standard},
        ).fetchone()
        assert row is not None
        expected, cells, equal = expected + row[0], cells + row[1], equal + row[2]
        if row[3]:
            wrong[column.id] = row[3]
    damaged.unregister("truth_given")
    return Agreement(table.ref, expected, cells, equal, wrong)


def taken_in(work: Path, name: str, residents: int, seed: int, *words: str) -> Path:
    """Deliveries of the city, taken in and built into base tables; the home."""
    lakehouse, folder = Lakehouse(work / name / "home"), work / name / "city"
    tell(f"{name}: a city of {residents} residents, seed {seed}")
    told = ["--residents", str(residents), "--seed", str(seed), "--out", str(folder), *words]
    lakehouse("demo", *told)
    lakehouse.take_in(days_in(folder, load_catalog()), "--select=raw", "--select=standard",
                      "--select=base")  # fmt: skip
    return lakehouse.home


def judge(work: Path, residents: int, seed: int) -> bool:
    """Whether the base tables are true; prints the counts and the rates."""
    catalog = load_catalog()
    clean = tables_of(taken_in(work, "clean", residents, seed, "--defects", "0"), catalog)
    expected, found = truth(City(catalog, residents, seed=seed)), counted(clean)
    exact = expected == found
    for name in sorted(expected | found):
        mark = "" if expected.get(name) == found.get(name) else "  <- differs"
        sys.stdout.write(f"{name:32}{expected.get(name, 0):>10}{found.get(name, 0):>10}{mark}\n")
    labels = work / "labels"
    home = taken_in(work, "damaged", residents, seed, "--labels", str(labels))
    damaged = tables_of(home, catalog)
    put_labels(damaged, home, read_labels(labels)[0])
    told = list(agreement(clean, damaged, catalog))
    sys.stdout.write(f"{'':32}{'values':>10}{'there':>12}{'equal':>12}\n")
    for each in told:
        share = f"{each.equal / each.cells:.4%}" if each.cells else "-"
        wrong = f"  wrong though their source is right: {dict(each.wrong)}" if each.wrong else ""
        there = f"{each.cells / each.expected:.4%}" if each.expected else "-"
        sys.stdout.write(f"{each.table:32}{each.expected:>10}{there:>12}{share:>12}{wrong}\n")
    expected_cells = sum(each.expected for each in told)
    cells, equal = sum(each.cells for each in told), sum(each.equal for each in told)
    there, share = f"{cells / max(expected_cells, 1):.4%}", f"{equal / max(cells, 1):.4%}"
    sys.stdout.write(f"{'all base tables':32}{expected_cells:>10}{there:>12}{share:>12}\n")
    every = labels_of(damaged)
    planted, found_again, missed = divergences(damaged, catalog)
    sys.stdout.write(
        f"disagreements: {every} planted, {planted} in rows that a base table takes up,"
        f" {found_again} told\n"
    )
    for kind, delivery, row in missed:
        sys.stdout.write(f"  missed: {kind} in {delivery}, row {row}\n")
    return exact and not missed and not any(each.wrong for each in told)


def main(arguments: list[str] | None = None) -> int:
    """Prints how true the base databases are; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m demo.truth", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--residents", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="lakehouse-truth-") as work:
            return 0 if judge(Path(work), chosen.residents, chosen.seed) else 1
    except (NotJudged, BadLabels) as error:
        tell(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
