from __future__ import annotations

from pathlib import Path
from typing import Any

from quality.rules.bits import assign, unassigned

REF = "health/visits"


def rows(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_new_rules_get_the_next_bits_and_retired_ones_keep_theirs(
    catalog_of: Any, tmp_path: Path
) -> None:
    path = tmp_path / "rule_bits.csv"
    path.write_text("dataset,rule,bit\nhealth/visits,sex.code,0\nhealth/visits,gone.code,7\n")
    before = rows(path)
    catalog = catalog_of([{"id": "sex"}], key=["sex"])
    assign(catalog, path)
    assert rows(path) == [
        *before,
        "health/visits,sex.null_word,8",
        "health/visits,row.duplicate_key,9",
    ]


def test_assigning_twice_appends_nothing(catalog_of: Any, tmp_path: Path) -> None:
    path = tmp_path / "rule_bits.csv"
    catalog = catalog_of([{"id": "sex"}], key=["sex"])
    assert len(assign(catalog, path)) == 3
    first = path.read_bytes()
    assert assign(catalog, path) == []
    assert path.read_bytes() == first


def test_a_draft_is_numbered_as_assigning_will_number_it(catalog_of: Any, tmp_path: Path) -> None:
    from quality.rules.derive import rules_of

    catalog = catalog_of([{"id": "sex"}, {"id": "fee"}], key=["sex"])
    assigned = assign(catalog, tmp_path / "rule_bits.csv")
    assert [(rule.id, rule.bit) for rule in rules_of(catalog, REF)] == [
        (rule, bit) for _, rule, bit in assigned
    ]


def test_a_file_without_a_last_line_break_is_continued_on_a_line_of_its_own(
    catalog_of: Any, tmp_path: Path
) -> None:
    path = tmp_path / "rule_bits.csv"
    path.write_text("dataset,rule,bit\nhealth/visits,sex.code,0")
    assign(catalog_of([{"id": "sex"}], key=["sex"]), path)
    assert rows(path)[1:3] == ["health/visits,sex.code,0", "health/visits,sex.null_word,1"]


def test_unassigned_rules_are_named_with_their_dataset(catalog_of: Any) -> None:
    bits = {REF: {"sex.code": 0, "row.duplicate_key": 1}}
    catalog = catalog_of([{"id": "sex"}], key=["sex"], rule_bits=bits)
    assert unassigned(catalog) == [(REF, "sex.null_word")]
