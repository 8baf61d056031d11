"""The committed sample: made by its module, invented throughout, its labels in place."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import fastexcel
import pytest
from stdnum.cn import uscc as published_check

from demo.biff import xls_bytes
from demo.delivery import Delivery
from demo.make_sample import first, make, second

DEMO = Path(__file__).resolve().parents[2] / "demo"
BAD_CODE = {"uscc.check_digit", "uscc.length", "uscc.alphabet", "uscc.null_word", "uscc.required"}


def files(folder: Path) -> dict[str, bytes]:
    """Path below the folder → content, of what the module makes there."""
    made = [*folder.glob("sample*/**/*"), *folder.glob("sample*_labels.csv")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in made if path.is_file()}


def labels(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def deliveries() -> list[Delivery]:
    return [delivery for delivery, _ in (*first(), *second())]


def test_the_committed_sample_is_what_its_module_makes(tmp_path: Path) -> None:
    make(tmp_path)

    remade, committed = files(tmp_path), files(DEMO)

    assert remade.keys() == committed.keys()
    assert [name for name in remade if remade[name] != committed[name]] == []


def test_every_label_names_a_row_and_a_column_of_a_committed_file() -> None:
    known = {delivery.path: delivery for delivery in deliveries()}
    for name in ("sample", "sample_corrected"):
        for label in labels(f"{name}_labels.csv"):
            path = f"{label['deliverer']}/{label['dataset']}/{label['file']}"
            assert (DEMO / name / path).is_file()
            assert 1 <= int(label["row"]) <= len(known[path].rows)
            assert label["column"] in known[path].headers or label["kind"] == "reject"


def test_a_label_marked_as_corrected_is_gone_from_the_second_delivery_and_no_other_is() -> None:
    def places(rows: list[dict[str, str]]) -> set[tuple[str, str, str]]:
        return {(row["file"].split("_2026")[0], row["row"], row["rule"]) for row in rows}

    first_labels = labels("sample_labels.csv")
    before = [row for row in first_labels if row["deliverer"] != "zhangdian_market_supervision"]
    staying = [row for row in before if row["corrected"] == "no"]

    assert places(staying) == places(labels("sample_corrected_labels.csv"))


def test_codes_are_valid_exactly_where_no_label_says_otherwise() -> None:
    for delivery in deliveries():
        if "uscc" not in delivery.headers:
            continue
        rules = {(label.row, label.rule) for label in delivery.labels}
        for number, row in enumerate(delivery.rows, start=1):
            labelled = {rule for rule in BAD_CODE if (number, rule) in rules}
            cleaned = row["uscc"].upper().replace("\u200b", "").strip(" '")
            half_width = "".join(chr(ord(c) - 0xFEE0) if c > "！" else c for c in cleaned)
            assert published_check.is_valid(half_width) == (not labelled), number


def test_no_code_of_the_sample_is_a_real_one() -> None:
    folder = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
    if not folder:
        pytest.skip("LAKEHOUSE_REAL_DELIVERIES names no folder of real deliveries")
    real = real_codes(Path(folder))
    columns = ("uscc", "organization_code", "registration_no", "station_code")
    invented = {row.get(column, "") for d in deliveries() for row in d.rows for column in columns}

    assert len(real) > 3000
    assert invented & real == set()


def real_codes(folder: Path) -> set[str]:
    """Every non-empty cell and property of the real files that holds a digit and no blank."""
    texts: set[str] = set()
    for path in folder.iterdir():
        if path.suffix == ".csv" and "enterprise" in path.name:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                texts |= {row["统一社会信用代码"] for row in csv.DictReader(lines)}
        elif path.suffix in (".xls", ".xlsx"):
            sheet = fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
            texts |= {str(value) for row in sheet.rows() for value in row if value}
    return texts - {""}


def test_an_old_workbook_reads_back_with_texts_beyond_one_record(tmp_path: Path) -> None:
    records = [["序号", "名称", "空"]]
    records += [[str(row), f"示例{row}" * 20, ""] for row in range(600)]
    path = tmp_path / "many.xls"
    path.write_bytes(xls_bytes("body", records))

    book = fastexcel.read_excel(path)
    read = book.load_sheet("body", header_row=None, dtypes="string").to_polars()

    assert book.sheet_names == ["body"]
    assert [[cell or "" for cell in row] for row in read.rows()] == records
