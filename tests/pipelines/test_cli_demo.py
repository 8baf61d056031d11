"""`lakehouse demo`: a synthetic city's deliveries in a folder."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from assets.lakehouse import Lakehouse
from pipelines.cli import app
from pipelines.run import put_city
from warehouse.home import Clock, Home
from warehouse.landing import Found, look


def test_it_writes_a_day_of_deliveries_and_says_how_many(tmp_path: Path) -> None:
    out = tmp_path / "city"
    done = CliRunner().invoke(app, ["demo", "--residents", "600", "--out", str(out)])
    assert done.exit_code == 0
    assert "datasets" in done.output
    assert (out / "2026-09-30" / "public_security" / "registered_population").is_dir()


def test_it_writes_into_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    done = CliRunner().invoke(app, ["demo", "--residents", "600", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_a_size_out_of_range_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--residents", "3", "--out", str(tmp_path / "x")])
    assert done.exit_code == 1
    assert "residents" in done.output


def test_an_empty_home_is_given_a_city_of_every_dataset_once(tmp_path: Path) -> None:
    house = Lakehouse.open(Home(tmp_path / "home"), Clock())
    assert put_city(house, 600)
    found = list(look(house.home.landing, house.catalog))
    assert {file.dataset.ref for file in found if isinstance(file, Found)} == set(
        house.catalog.datasets
    )
    assert not put_city(house, 600)
    assert len(list(look(house.home.landing, house.catalog))) == len(found)
