"""Labels files as somebody else might write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from demo.city.defects.labels import COLLATERAL, LABELS
from demo.label_files import BadLabels, check_labels, read_labels, undeclared
from demo.score import score
from tests.this_catalog import this_catalog

FILE = "statistics/regional_gdp/gdp.csv"
DATASET = "statistics/regional_gdp"


def put(folder: Path, name: str, *lines: str) -> Path:
    """A file of these lines in the folder, which is returned."""
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def test_what_is_left_out_follows_from_the_rest(tmp_path: Path) -> None:
    put(
        tmp_path, "labels.csv",
        "file,dataset,column,key,row,kind",
        f"{FILE},{DATASET},gdp,K1,4,null_word",
        f"{FILE},{DATASET},region,K2,5,key_missing",
        f",{DATASET},,,,never_delivered",
    )  # fmt: skip

    labels, collateral = read_labels(tmp_path)

    assert labels.schema == LABELS
    assert collateral.schema == COLLATERAL and collateral.is_empty()
    assert labels["label"].to_list() == [1, 2, 3]
    assert labels["scope"].to_list() == ["cell", "row", "delivery"]
    assert labels["deliverer"].to_list() == ["statistics"] * 3
    assert labels["key_original"].to_list() == ["K1", "K2", None]
    assert labels["continues"].to_list() == ["no"] * 3
    assert labels["found_by"].to_list() == ["gdp.null_word", "key.missing", "delivery.never"]


@pytest.mark.parametrize(
    ("kind", "found_by", "rules"),
    [
        ("null_word", "", "gdp.null_word"),
        ("null_word", "blank_marker", "gdp.blank_marker|gdp.null_word"),
        ("null_word", "gdp.null_word", "gdp.null_word"),
        ("total_off", "", "row.*"),
        ("range", "", "gdp.range|row.range|key.range|record.range|between.range|delivery.range"),
        ("between.jump", "", "between.jump"),
        ("odd", "gdp.range|row.sum", "gdp.range|row.sum"),
    ],
    ids=[
        "of the kind", "another name", "the same", "any of a family", "a rule's kind",
        "a rule's id", "named alone",
    ],
)  # fmt: skip
def test_a_label_is_found_by_its_kind_and_by_the_rules_it_names(
    tmp_path: Path, kind: str, found_by: str, rules: str
) -> None:
    put(
        tmp_path, "labels.csv",
        "file,dataset,column,row,kind,found_by",
        f"{FILE},{DATASET},gdp,4,{kind},{found_by}",
    )  # fmt: skip

    assert read_labels(tmp_path)[0]["found_by"].to_list() == [rules]


def test_kinds_that_the_demo_does_not_declare_are_told(tmp_path: Path) -> None:
    put(
        tmp_path, "labels.csv",
        "file,dataset,column,row,kind",
        f"{FILE},{DATASET},gdp,4,range",
        f"{FILE},{DATASET},gdp,5,late",
    )  # fmt: skip

    assert undeclared(read_labels(tmp_path)[0]) == ["range"]


HEAD = "label,file,dataset,column,row,kind"
GOOD = f"1,{FILE},{DATASET},gdp,4,null_word"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "labels.csv is empty"),
        (["file,dataset"], "labels.csv lacks the columns kind"),
        ([HEAD, f"a,{FILE},{DATASET},gdp,4,null_word"], "label is no whole number: a"),
        ([HEAD, f"1,{FILE},{DATASET},gdp,four,null_word"], "row is no whole number: four"),
        ([HEAD, GOOD, GOOD], "repeats labels: 1"),
        ([HEAD, f"7,{FILE},{DATASET},gdp,4,"], "without dataset or kind: 7"),
    ],
    ids=["empty", "column missing", "label", "row", "twice", "no kind"],
)
def test_a_labels_file_that_cannot_be_used_says_why(
    tmp_path: Path, lines: list[str], message: str
) -> None:
    put(tmp_path, "labels.csv", *lines)

    with pytest.raises(BadLabels, match=message):
        read_labels(tmp_path)


def test_a_folder_without_labels_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match=r"labels.csv is missing"):
        read_labels(tmp_path)


def test_collateral_of_no_label_is_a_mistake(tmp_path: Path) -> None:
    put(tmp_path, "labels.csv", HEAD, GOOD)
    put(tmp_path, "collateral.csv", "label,dataset,key,column,rule,value", f"9,{DATASET},K,gdp,*,")

    with pytest.raises(BadLabels, match=r"labels that labels.csv doesn't have: 9"):
        read_labels(tmp_path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (f"1,{FILE},statistics/nothing,gdp,4,null_word", "datasets .*: statistics/nothing"),
        (f"1,{FILE},{DATASET},nothing,4,null_word", f"columns .*: {DATASET}.nothing"),
        (f"1,{FILE},{DATASET},,4,null_word", "without column: 1"),
        (f"1,{FILE},{DATASET},gdp,,null_word", "neither key nor row: 1"),
        (f"1,,{DATASET},gdp,4,null_word", "without file"),
        (f"1,statistics/other.csv,{DATASET},gdp,4,null_word", "aren't there: statistics/other.csv"),
    ],
    ids=["dataset", "column", "no column", "no place", "no file", "file"],
)
def test_labels_about_what_is_not_there_are_a_mistake(
    tmp_path: Path, line: str, message: str
) -> None:
    labels, _ = read_labels(put(tmp_path, "labels.csv", HEAD, line))

    with pytest.raises(BadLabels, match=message):
        check_labels(labels, this_catalog(), {FILE})


def test_good_labels_pass_and_none_at_all_do_not(tmp_path: Path) -> None:
    labels, _ = read_labels(put(tmp_path, "labels.csv", HEAD, GOOD))

    check_labels(labels, this_catalog(), {FILE})
    with pytest.raises(BadLabels, match="no label"):
        check_labels(labels.clear(), this_catalog(), {FILE})


FINDING: dict[str, Any] = {
    "file": FILE,
    "dataset": DATASET,
    "agency": "statistics",
    "kind": "row",
    "rule": "gdp.null_word",
    "key": "K1",
    "column": "gdp",
    "row": 4,
    "value": "-",
}


@pytest.mark.parametrize(
    ("finding", "found"),
    [
        ({}, 1),
        ({"row": 9, "key": "K1"}, 0),
        ({"rule": "gdp.range"}, 0),
        ({"rule": "gdp.blank_marker"}, 1),
    ],
    ids=["the row", "another row", "another rule", "the rule it names"],
)
def test_a_label_without_key_is_known_by_its_row(
    tmp_path: Path, finding: dict[str, Any], found: int
) -> None:
    put(
        tmp_path, "labels.csv",
        "file,dataset,column,row,kind,found_by",
        f"{FILE},{DATASET},gdp,4,null_word,blank_marker",
    )  # fmt: skip

    result = score(*read_labels(tmp_path), pl.DataFrame([FINDING | finding]))

    assert result.total["found"].to_list() == [found]
    assert result.total["false"].to_list() == [1 - found]
