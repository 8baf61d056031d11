"""The whole city as deliveries."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city import deliver as delivering
from demo.city.city import City
from demo.city.deliver import MARKER, deliver, split
from demo.city.jobs import jobs_of
from demo.city.scale import Scale

SIZE = 1200


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def delivered(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("city")
    deliver(City(catalog, SIZE, 3), out)
    return out


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others(
    catalog: Catalog, delivered: Path, tmp_path: Path
) -> None:
    deliver(City(catalog, SIZE, 3), tmp_path / "again")
    assert _digests(tmp_path / "again") == _digests(delivered)
    deliver(City(catalog, SIZE, 4), tmp_path / "other")
    assert _digests(tmp_path / "other") != _digests(delivered)


def test_two_processes_make_the_same_bytes_as_one(
    catalog: Catalog, delivered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "_ALONE", 0)
    before = dict(os.environ)
    deliver(City(catalog, SIZE, 3), tmp_path, processes=2)
    assert _digests(tmp_path) == _digests(delivered)
    assert dict(os.environ) == before


def test_files_lie_in_landing_folders_of_their_deliverers(
    catalog: Catalog, delivered: Path
) -> None:
    day = delivered / "2026-09-30"
    files = [path.relative_to(day) for path in day.rglob("*") if path.is_file()]
    assert {len(file.parts) for file in files} == {3}
    for file in files:
        dataset = catalog.dataset_for(file.parts[0], file.parts[1])
        assert dataset is not None and file.parts[0] in dataset.deliverers
    refs = {catalog.dataset_for(*file.parts[:2]).ref for file in files}  # type: ignore[union-attr]
    assert refs == {job.ref for job in jobs_of(City(catalog, SIZE, 3))}


def test_a_marker_without_columns_says_that_nothing_is_real(delivered: Path) -> None:
    text = (delivered / MARKER).read_text(encoding="utf-8")
    assert "虚构" in text and "," not in text and "\t" not in text


def test_rows_go_to_the_bureau_of_their_division_and_the_rest_to_the_owner(
    catalog: Catalog,
) -> None:
    dataset = catalog.datasets["market_supervision/business_entities"]
    frame = pl.DataFrame(
        {
            "uscc": ["a", "b", "c", "d"],
            "_division": ["370303", "370300", "370303", None],
            "division": ["370303", "370303", "370303", "370304"],
        }
    )
    parts = {
        deliverer: rows["uscc"].to_list() for deliverer, rows in split(frame, dataset, catalog)
    }
    assert parts == {"market_supervision": ["b", "d"], "zhangdian_market_supervision": ["a", "c"]}


def test_every_row_of_a_divided_dataset_is_delivered_once(catalog: Catalog, city: City) -> None:
    from demo.city.table import tables

    ref = "market_supervision/business_entities"
    frame = tables()[ref].frame(city)
    parts = [rows for _, rows in split(frame, catalog.datasets[ref], catalog)]
    assert pl.concat(parts).sort("uscc").equals(frame.sort("uscc"))
    assert len(parts) > 5


def test_every_file_has_a_header_that_its_dataset_accepts(catalog: Catalog, city: City) -> None:
    from demo.city.table import tables

    for ref, made in tables().items():
        dataset = catalog.datasets[ref]
        header = {name for name in made.frame(city).columns if not name.startswith("_")}
        fits = [
            shape
            for shape in dataset.shapes
            if header.issuperset(shape.requires) and header.isdisjoint(shape.excludes)
        ]
        assert bool(fits) == bool(dataset.shapes), ref


def test_a_city_too_small_or_too_large_is_refused() -> None:
    for residents in (10, 30_000_000):
        with pytest.raises(ValueError, match="residents"):
            Scale(residents)
