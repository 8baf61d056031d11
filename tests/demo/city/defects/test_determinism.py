"""Defects follow from the seed and the rows' keys, whatever the chunks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city.city import City
from demo.city.declared import declaration
from demo.city.defects.kinds import targets_of
from demo.city.defects.plan import plan_of
from demo.city.deliver import Delivering, deliver
from demo.city.jobs import jobs_of
from demo.label_files import read_labels

SIZE = 1200


def contents(folder: Path) -> dict[str, object]:
    """Files by path: bytes, but of Parquet the rows, since its pages follow the pieces."""
    return {
        path.relative_to(folder).as_posix(): (
            pl.read_parquet(path).rows() if path.suffix == ".parquet" else path.read_bytes()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def once(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    deliver(City(catalog, SIZE, 3), folder / "out", Delivering(3, 0.02, folder / "labels"))
    return folder


def test_chunks_change_nothing(catalog: Catalog, once: Path, tmp_path: Path) -> None:
    what = Delivering(3, 0.02, tmp_path / "labels")
    deliver(City(catalog, SIZE, 3), tmp_path / "out", what, chunk=117)
    assert contents(tmp_path / "labels") == contents(once / "labels")
    again, before = contents(tmp_path / "out"), contents(once / "out")
    # A compressed or zipped file's bytes follow its pieces, its manifest the bytes.
    loose = (".gz", ".manifest.json", ".xlsx")
    assert {name for name in again if again[name] != before[name]} <= {
        name for name in again if name.endswith(loose)
    }
    assert set(again) == set(before)


def test_another_seed_hits_other_rows(catalog: Catalog, once: Path, tmp_path: Path) -> None:
    deliver(City(catalog, SIZE, 4), tmp_path / "out", Delivering(1, 0.02, tmp_path / "labels"))
    assert read_labels(tmp_path / "labels")[0].height > 0
    assert contents(tmp_path / "labels") != contents(once / "labels")


@pytest.fixture(scope="module")
def town(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The labels of a city of 20,000 on one day."""
    folder = tmp_path_factory.mktemp("town")
    deliver(City(catalog, 20_000, 1), folder / "out", Delivering(1, 0.01, folder / "labels"))
    return read_labels(folder / "labels")[0]


def test_every_kind_that_can_occur_does_in_a_small_city(
    catalog: Catalog, town: pl.DataFrame
) -> None:
    city = City(catalog, 20_000, 1)
    possible = {
        target.kind
        for job in jobs_of(city)
        for target in targets_of(
            catalog,
            catalog.datasets[job.ref],
            job.form,
            {column.id for column in catalog.datasets[job.ref].columns},
        )
    }
    assert possible - set(town["kind"].to_list()) == set()
    assert len(possible) > 30


def test_defects_hit_about_the_share_of_rows_asked_for(
    catalog: Catalog, town: pl.DataFrame
) -> None:
    rows = {job.ref: len(job.slots) for job in jobs_of(City(catalog, 20_000, 1))}
    large = [ref for ref, count in rows.items() if count > 5000]
    hits = town.filter(pl.col("dataset").is_in(large)).height
    assert 0.006 < hits / sum(rows[ref] for ref in large) < 0.014


def test_a_rare_kind_is_lifted_and_a_common_one_is_not(catalog: Catalog) -> None:
    plan = plan_of(catalog, {"education/enrollments": 3000, "health/institutions": 20}, 0.01)
    lifted = {kind for ref, kind in plan.lifts if ref == "education/enrollments"}
    assert (
        "double_enrolment" not in lifted
        or plan.lifts["education/enrollments", "double_enrolment"] < 0.01
    )
    few = plan_of(catalog, {"education/enrollments": 100}, 0.01)
    share = few.lifts["education/enrollments", "double_enrolment"]
    assert 2 <= share * 100 <= declaration("defects")["kinds"]["double_enrolment"]["least"] * 3
    assert plan_of(catalog, {"education/enrollments": 100}, 0.0).lifts == {}
