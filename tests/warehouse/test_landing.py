"""The landing folder: what is a delivery, what is not, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.this_catalog import this_catalog
from warehouse.landing import Found, Misplaced, date_in_name, look


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("air_quality_2018-02-20T07.json", datetime(2018, 2, 20, 7)),
        ("名单20240131.xlsx", datetime(2024, 1, 31)),
        ("名单2024年01月31日.xls", datetime(2024, 1, 31)),
        ("d20240131_0830.csv", datetime(2024, 1, 31, 8, 30)),
        ("gdp_by_province_2015_2024.csv", None),
        ("370303198001011234.csv", None),
        ("2024.02.30.csv", None),
        ("enterprise.csv", None),
    ],
)
def test_a_date_in_a_name_is_read_only_where_there_is_one(name: str, date: datetime | None) -> None:
    assert date_in_name(name) == date


def seen(landing: Path) -> dict[str, Found | Misplaced]:
    """What was found, by its place below landing."""
    return {one.source: one for one in look(landing, this_catalog())}


def put(landing: Path, place: str) -> Path:
    path = landing / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    return path


def test_a_file_in_a_known_folder_is_found(tmp_path: Path) -> None:
    put(tmp_path, "statistics/regional_gdp/a.csv")
    found = seen(tmp_path)["statistics/regional_gdp/a.csv"]
    assert isinstance(found, Found)
    assert (found.agency, found.dataset.ref) == ("statistics", "statistics/regional_gdp")


def test_a_district_bureau_delivers_to_the_city_bureaus_dataset(tmp_path: Path) -> None:
    put(tmp_path, "zhangdian_market_supervision/business_entities/a.csv")
    (found,) = seen(tmp_path).values()
    assert isinstance(found, Found)
    assert found.agency == "zhangdian_market_supervision"
    assert found.dataset.ref == "market_supervision/business_entities"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("statistics/no_such_dataset/a.csv", "目录中没有"),
        ("no_such_agency/regional_gdp/a.csv", "不是目录中登记的单位代码"),
        ("stray.csv", "应放在"),
        ("statistics/stray.csv", "应放在"),
        ("statistics/regional_gdp/deeper/a.csv", "应为普通文件"),
    ],
)
def test_what_lies_in_the_wrong_place_is_named_and_left_there(
    tmp_path: Path, place: str, told: str
) -> None:
    path = put(tmp_path, place)
    (misplaced,) = seen(tmp_path).values()
    assert isinstance(misplaced, Misplaced) and told in misplaced.message
    assert path.exists()


def test_a_symbolic_link_out_of_landing_is_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    folder = tmp_path / "landing/statistics/regional_gdp"
    folder.mkdir(parents=True)
    (folder / "a.csv").symlink_to(secret)
    (misplaced,) = seen(tmp_path / "landing").values()
    assert isinstance(misplaced, Misplaced) and "符号链接" in misplaced.message


def test_a_name_that_looks_like_a_way_out_stays_a_name(tmp_path: Path) -> None:
    put(tmp_path, "statistics/regional_gdp/a..\\..\\x.csv")
    (found,) = seen(tmp_path).values()
    assert isinstance(found, Found) and found.path.parent.name == "regional_gdp"


@pytest.mark.parametrize(
    "place",
    [
        "statistics/regional_gdp/.hidden.csv",
        "statistics/regional_gdp/..\\..\\x.csv",
        "statistics/regional_gdp/a.csv.part",
        "statistics/regional_gdp/a.csv.manifest.json",
        "statistics/doubts/a.xlsx",
        "statistics/replies/a.xlsx",
        "statistics/requests/a.xlsx",
    ],
)
def test_unfinished_files_manifests_and_reserved_folders_are_passed_over(
    tmp_path: Path, place: str
) -> None:
    put(tmp_path, place)
    assert seen(tmp_path) == {}


def test_control_characters_of_a_name_never_reach_a_message(tmp_path: Path) -> None:
    put(tmp_path, "statistics/no_such/a\n\x1b[31m.csv")
    (misplaced,) = seen(tmp_path).values()
    assert isinstance(misplaced, Misplaced)
    assert "\n" not in misplaced.message and "\x1b" not in misplaced.message
