"""The labels of a small city against its files, read as the lakehouse reads them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city.city import City
from demo.city.defects.keys import UNIT
from demo.city.deliver import Delivering, deliver
from demo.label_files import read_labels
from warehouse.intake import Target, receive
from warehouse.intake.model import Unusable

SIZE, SEED, DAYS, RATE = 2500, 5, 3, 0.03


class Delivered(NamedTuple):
    """A city with defects, the same city without, and the labels."""

    faulty: Path
    clean: Path
    labels: pl.DataFrame
    collateral: pl.DataFrame


Raw = Callable[[Path, str], pl.DataFrame]


@pytest.fixture(scope="module")
def delivered(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    folder = tmp_path_factory.mktemp("labelled")
    city = City(catalog, SIZE, SEED)
    deliver(city, folder / "faulty", Delivering(DAYS, RATE, folder / "labels"))
    deliver(city, folder / "clean")
    return Delivered(folder / "faulty", folder / "clean", *read_labels(folder / "labels"))


@pytest.fixture(scope="module")
def raw(catalog: Catalog, tmp_path_factory: pytest.TempPathFactory) -> Raw:
    """The rows of a file as delivered, the rejected ones with nothing but `_row`."""

    @cache
    def rows(day: Path, file: str) -> pl.DataFrame:
        deliverer, folder, _ = file.split("/")
        dataset = catalog.dataset_for(deliverer, folder)
        assert dataset is not None
        work = tmp_path_factory.mktemp("raw")
        target = Target(work / "raw", work / "rejects", work, "d000001", 1, deliverer)
        assert receive(day / file, dataset, target).balanced
        frames = [pl.read_parquet(target.raw)]
        if target.rejects.exists():
            frames.append(pl.read_parquet(target.rejects).select(_row="row"))
        return pl.concat(frames, how="diagonal_relaxed").sort("_row")

    return rows


def day_folder(out: Path, day: int) -> Path:
    return sorted(path for path in out.iterdir() if path.is_dir())[day - 1]


def of_rows(labels: pl.DataFrame) -> list[tuple[int, str, pl.DataFrame]]:
    """(day, file, labels) of the labels that are about one row."""
    single = labels.filter(pl.col("row").is_not_null())
    return [
        (int(str(day)), str(file), part)
        for (day, file), part in single.group_by("day", "file", maintain_order=True)
    ]


def test_the_delivered_value_stands_at_its_file_row_and_column(
    delivered: Delivered, raw: Raw
) -> None:
    seen = 0
    for day, file, labels in of_rows(delivered.labels):
        rows = raw(day_folder(delivered.faulty, day), file)
        for label in labels.filter(pl.col("column").is_not_null()).to_dicts():
            cell = rows.row(label["row"] - 1, named=True)[label["column"]]
            assert (cell or None) == label["delivered"], label
            seen += 1
    assert seen > 1000


def test_the_original_value_stands_in_the_clean_city(delivered: Delivered, raw: Raw) -> None:
    keys = {"human_resources/benefits": "payment_no", "health/institutions": "registration_no",
            "public_security/registered_population": "id_no"}  # fmt: skip
    seen = 0
    for _, file, labels in of_rows(delivered.labels):
        dataset = labels["dataset"][0]
        known = labels.filter(pl.col("original").is_not_null() & pl.col("column").is_not_null())
        if dataset in keys and (day_folder(delivered.clean, 1) / file).exists():
            clean = raw(day_folder(delivered.clean, 1), file)
            cells = {row[keys[dataset]]: row for row in clean.to_dicts()}
            for label in known.to_dicts():
                assert cells[label["key_original"]][label["column"]] == label["original"]
                seen += 1
    assert seen > 50


def test_records_that_cant_be_read_are_those_labelled_so(delivered: Delivered, raw: Raw) -> None:
    broken = {"ragged_row", "unclosed_quote", "broken_record"}
    seen = 0
    for day, file, labels in of_rows(delivered.labels):
        rows = raw(day_folder(delivered.faulty, day), file)
        columns = [name for name in rows.columns if not name.startswith("_")]
        empty = rows.filter(pl.all_horizontal(pl.col(columns).is_null()))["_row"].to_list()
        labelled = labels.filter(pl.col("kind").is_in(broken))["row"].to_list()
        assert sorted(labelled) == empty
        seen += len(empty)
    assert seen > 0


def test_a_row_has_one_label_at_most(delivered: Delivered) -> None:
    single = delivered.labels.filter(pl.col("row").is_not_null())
    assert not single.select("day", "file", "row").is_duplicated().any()
    assert delivered.labels["label"].to_list() == list(range(1, delivered.labels.height + 1))


def test_a_duplicate_is_labelled_at_the_second_of_two_rows_with_one_key(
    delivered: Delivered, raw: Raw
) -> None:
    duplicates = delivered.labels.filter(pl.col("kind") == "duplicate_key")
    assert duplicates.height > 0
    for day, file, labels in of_rows(duplicates):
        rows = raw(day_folder(delivered.faulty, day), file)
        columns = [name for name in rows.columns if not name.startswith("_")]
        for row in labels["row"].to_list():
            assert rows[row - 1].select(columns).equals(rows[row - 2].select(columns))


def test_the_key_is_that_of_the_written_row(delivered: Delivered) -> None:
    damaged = delivered.labels.filter(
        (pl.col("dataset") == "public_security/registered_population")
        & (pl.col("column") == "id_no")
        & (pl.col("kind") != "duplicate_key")
    )
    assert damaged.height > 0
    assert damaged["key"].equals(damaged["delivered"])
    assert (damaged["key"] != damaged["key_original"]).all()
    parted = delivered.labels.filter(pl.col("dataset") == "market_supervision/shareholders")
    assert all(UNIT in key for key in parted["key_original"].to_list())


def test_what_is_corrected_is_right_on_its_day_and_what_relapses_wrong_again(
    delivered: Delivered,
) -> None:
    of = delivered.labels.filter(
        pl.col("dataset") == "human_resources/insurance_enrollments"
    )  # a snapshot, each day complete
    days: dict[tuple[str, str], set[int]] = {}
    for label in of.to_dicts():
        days.setdefault((label["key_original"], label["kind"]), set()).add(label["day"])
    mended = of.filter((pl.col("day") == 1) & (pl.col("corrected_on") == "2026-10-08"))
    assert mended.height > 10
    again = 0
    for label in mended.to_dicts():
        relapsed = label["relapsed_on"] == "2026-10-09"
        expected = {1, 3} if relapsed else {1}
        assert days[label["key_original"], label["kind"]] == expected
        again += relapsed
    assert again > 0
    stays = of.filter((pl.col("day") == 1) & pl.col("corrected_on").is_null())
    assert all(days[row["key_original"], row["kind"]] == {1, 2, 3} for row in stays.to_dicts())
    continuing = of.filter(pl.col("continues") == "yes")
    assert set(continuing["day"].to_list()) == {2, 3}


def test_what_has_no_key_stands_until_it_is_withdrawn(delivered: Delivered) -> None:
    lost = delivered.labels.filter(
        (pl.col("kind") == "key_missing") & (pl.col("dataset") == "human_resources/contributions")
    )
    again = lost.filter(pl.col("relapsed_on").is_not_null() & (pl.col("day") == 3))
    assert again.height > 0 and set(again["continues"].to_list()) == {"yes"}
    assert set(lost.filter(pl.col("day") == 1)["continues"].to_list()) == {"no"}


def test_an_increment_brings_corrections_and_deletes_keys_that_were_wrong(
    delivered: Delivered, raw: Raw, catalog: Catalog
) -> None:
    ref = "human_resources/contributions"
    first = delivered.labels.filter((pl.col("dataset") == ref) & (pl.col("day") == 1))
    mended = first.filter(pl.col("corrected_on") == "2026-10-08")
    file = first["file"][0].replace("2026-09-30", "2026-10-08")
    rows = raw(day_folder(delivered.faulty, 2), file)
    kept = rows.filter(pl.col("_op") != "delete")
    assert set(mended["key_original"].to_list()) <= set(kept["detail_no"].to_list())
    lost = mended.filter(pl.col("column") == "detail_no").filter(
        pl.col("key") != pl.col("key_original")
    )
    deleted = rows.filter(pl.col("_op") == "delete")["detail_no"].to_list()
    assert set(lost["key"].to_list()) <= set(deleted)
    assert rows.height < raw(day_folder(delivered.faulty, 1), first["file"][0]).height // 5


def test_records_that_a_fault_drags_along_are_covered(delivered: Delivered, raw: Raw) -> None:
    covered = {}
    for kind, column in (
        ("double_enrolment", "key"),
        ("shares_above_100", "key"),
        ("ownership_cycle", "key"),
        ("overlapping_marriage", "value"),
    ):
        mine = delivered.labels.filter((pl.col("kind") == kind) & (pl.col("day") == 1))
        rule = pl.col("rule") == f"between.{kind}"
        brought = delivered.collateral.filter(rule).join(mine, on="label", suffix="_label")
        assert mine.height > 0 and set(brought["label"].to_list()) == set(mine["label"].to_list())
        covered[kind] = brought, column
    for kind, expected in (
        ("double_enrolment", "key_original"),
        ("ownership_cycle", "delivered"),
        ("overlapping_marriage", "delivered"),
    ):
        brought, column = covered[kind]
        assert brought[column].equals(brought[expected], null_equal=True)
    shares, _ = covered["shares_above_100"]
    file = raw(day_folder(delivered.faulty, 1), shares["file"][0])
    firm = shares["key"][0].removesuffix(f"{UNIT}*")
    assert file.filter(pl.col("uscc") == firm).height > 1


def test_what_rests_on_a_damaged_enrolment_is_covered_by_the_persons_number(
    delivered: Delivered, raw: Raw
) -> None:
    ref = "human_resources/insurance_enrollments"
    labels = delivered.labels.filter((pl.col("dataset") == ref) & (pl.col("day") == 1))
    by_column = {
        column: delivered.collateral.filter(
            (pl.col("rule") == "between.contribution_without_enrolment")
            & (pl.col("dataset") != ref)
        ).join(labels.filter(pl.col("column") == column), on="label", suffix="_label")
        for column in ("id_no", "status", "name")
    }
    assert by_column["id_no"].height > 0 and by_column["status"].height > 0
    assert by_column["id_no"]["value"].equals(by_column["id_no"]["original"])
    file = raw(day_folder(delivered.faulty, 1), labels["file"][0])
    numbers = dict(file.select("enrollment_no", "id_no").iter_rows())
    for brought in by_column["status"].to_dicts():
        assert brought["value"] == numbers[brought["key_label"]]
    assert by_column["name"].height == 0


def test_collateral_names_columns_and_rules_of_the_catalogue(
    delivered: Delivered, catalog: Catalog
) -> None:
    labels = set(delivered.labels["label"].to_list())
    assert set(delivered.collateral["label"].to_list()) <= labels
    for dataset, column, rule in (
        delivered.collateral.select("dataset", "column", "rule").unique().iter_rows()
    ):
        entry = catalog.datasets[dataset]
        entry.column(column)
        if rule.startswith("row.") and rule != "row.duplicate_key":
            assert rule.removeprefix("row.") in {declared.id for declared in entry.rules}


def test_a_clean_city_has_no_labels(catalog: Catalog, tmp_path: Path) -> None:
    deliver(City(catalog, 600, 1), tmp_path / "out", Delivering(2, 0.0, tmp_path / "labels"))
    labels, collateral = read_labels(tmp_path / "labels")
    assert labels.height == collateral.height == 0


def test_files_that_stop_the_intake_are_those_labelled_so(
    delivered: Delivered, raw: Raw, catalog: Catalog
) -> None:
    stopped = {"empty", "false_mark", "invalid_byte", "column_renamed", "column_missing"}
    labelled = {
        (label["day"], label["file"])
        for label in delivered.labels.filter(pl.col("kind").is_in(stopped)).to_dicts()
    }
    refused = set()
    for day in range(1, DAYS + 1):
        folder = day_folder(delivered.faulty, day)
        for path in sorted(folder.glob("*/*/*")):
            file = path.relative_to(folder).as_posix()
            if not file.endswith(".manifest.json"):
                try:
                    raw(folder, file)
                except Unusable:
                    refused.add((day, file))
    assert refused == labelled
