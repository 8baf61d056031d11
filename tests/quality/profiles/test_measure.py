"""Profiles of small deliveries, written out, and of one that is only sampled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from catalog.load import Catalog
from catalog.models.elements import Element
from quality.profiles import PROFILES, Profiled, profiles_of
from quality.standardise import standardise

REF = "health/visits"
COLUMNS: list[dict[str, Any]] = [
    {"id": "ward"}, {"id": "fee"}, {"id": "birth_date"}, {"id": "visited_at"}, {"id": "id_no"},
    {"id": "currency", "derived": {"column": "deposit", "part": "currency"}}, {"id": "deposit"},
]  # fmt: skip

Measure = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture
def catalog(catalog_of: Callable[..., Catalog]) -> Catalog:
    """Visits; the identity number is masked."""
    made = catalog_of(COLUMNS, key=["ward"], rule_bits={REF: _Bits()})
    known = made.elements["id_no"].model_dump() | {"grade": 3, "mask": "id_no"}
    made.elements["id_no"] = Element.model_validate(known)  # type: ignore[index]
    return made


class _Bits(dict[str, int]):
    """A bit for any rule that is asked for."""

    def __missing__(self, rule: str) -> int:
        self[rule] = len(self)
        return self[rule]

    def get(self, rule: str, default: Any = None) -> int:
        return self[rule]


@pytest.fixture
def measure(
    catalog: Catalog, raw: Callable[..., pl.LazyFrame], tmp_path: Path
) -> Iterator[Measure]:
    """Column → its profile, of rows as delivered."""
    con = duckdb.connect()

    def measured(
        rows: list[dict[str, Any]], missing: tuple[str, ...] = (), **more: int
    ) -> dict[str, dict[str, Any]]:
        files = tmp_path / "raw.parquet", tmp_path / "staged.parquet"
        raw(catalog, REF, rows).sink_parquet(files[0])
        standardise(pl.scan_parquet(files[0]), catalog, REF, date(2026, 11, 1)).sink_parquet(
            files[1]
        )
        found = profiles_of(
            con, catalog, REF, Profiled("d000001", "health", 7, missing), *files, **more
        )
        assert found.schema == PROFILES
        return {row["column"]: row for row in found.to_dicts()}

    yield measured
    con.close()


def test_numbers_and_dates_have_range_and_quantiles_of_values_that_occur(measure: Measure) -> None:
    found = measure([
        {"fee": text, "birth_date": day, "visited_at": f"{day} 08:00"}
        for text, day in [("1", "1980-01-01"), ("2.5", "1990/1/2"), ("1,000", "2000.1.3")]
    ])  # fmt: skip
    fee, born, visited = (found[name] for name in ("fee", "birth_date", "visited_at"))
    assert [fee[name] for name in ("minimum", "p05", "p50", "p95", "maximum")] == [
        "1", "1", "2.5", "2.5", "1000",
    ]  # fmt: skip
    assert (born["minimum"], born["p50"], born["maximum"]) == (
        "1980-01-01", "1990-01-02", "2000-01-03",
    )  # fmt: skip
    assert visited["maximum"] == "2000-01-03 08:00:00"


def test_nulls_are_blank_and_unreadable_values_and_lengths_those_of_the_text(
    measure: Measure,
) -> None:
    fee = measure([{"fee": "12.50"}, {"fee": " "}, {"fee": "不详"}, {"fee": None}])["fee"]
    assert (fee["rows"], fee["nulls"], fee["distinct"]) == (4, 3, 1)
    assert (fee["shortest"], fee["longest"]) == (2, 5)
    assert fee["patterns"] == [{"pattern": "99.99", "rows": 1}, {"pattern": "汉汉", "rows": 1}]


def test_the_most_frequent_values_come_first_and_single_ones_are_not_kept(measure: Measure) -> None:
    ward = measure([{"ward": text} for text in ("A01", "B02", "B02", "A01", "B02", "C03")])["ward"]
    assert ward["top"] == [{"value": "B02", "rows": 3}, {"value": "A01", "rows": 2}]


def test_of_a_masked_column_no_value_is_kept_but_its_shape(measure: Measure) -> None:
    found = measure([{"id_no": "11010519491231002X"}] * 3)["id_no"]
    assert found["patterns"] == [{"pattern": "99999999999999999A", "rows": 3}]
    assert (found["distinct"], found["top"], found["minimum"]) == (1, [], None)


def test_a_column_that_declares_a_mask_keeps_no_top_values_whatever_its_grade(
    catalog: Catalog, measure: Measure
) -> None:
    known = catalog.elements["ward"].model_dump() | {"grade": 2, "mask": "name"}
    catalog.elements["ward"] = Element.model_validate(known)  # type: ignore[index]
    ward = measure([{"ward": "A01"}] * 3)["ward"]
    assert (ward["distinct"], ward["top"]) == (1, [])


def test_a_long_number_is_never_kept_in_whatever_column(measure: Measure) -> None:
    assert measure([{"ward": "电话13800001234"}] * 3)["ward"]["top"] == []


def test_a_declared_deletion_is_no_row_with_nulls(measure: Measure) -> None:
    ward = measure([{"ward": "A01"}, {"ward": "B02", "_op": "delete"}])["ward"]
    assert (ward["rows"], ward["nulls"], ward["sampled"]) == (1, 0, 1)


def test_a_column_that_the_file_lacks_is_told_from_one_that_is_empty(measure: Measure) -> None:
    found = measure([{"ward": "A01", "deposit": "10万元人民币"}], missing=("fee",))
    delivered = {name: row["delivered"] for name, row in found.items()}
    assert (delivered["fee"], delivered["birth_date"], delivered["currency"]) == (
        False, True, False,
    )  # fmt: skip
    assert found["currency"]["nulls"] == 0


def test_of_a_large_file_counts_and_range_are_exact_and_the_rest_is_sampled(
    measure: Measure,
) -> None:
    rows = [{"ward": "A01", "fee": str(number)} for number in range(1000)]
    fee = measure(rows, sample_rows=40)["fee"]
    assert (fee["rows"], fee["minimum"], fee["maximum"]) == (1000, "0", "999")
    assert (fee["sampled"], fee["distinct"]) == (40, 40)
    assert [fee[name] for name in ("p05", "p25", "p50", "p75", "p95")] == [
        "1", "9", "259", "509", "757",
    ]  # fmt: skip


def test_a_delivery_without_rows_has_profiles_without_figures(measure: Measure) -> None:
    fee = measure([])["fee"]
    assert (fee["rows"], fee["nulls"], fee["distinct"]) == (0, 0, 0)
    assert (fee["p50"], fee["longest"], fee["patterns"]) == (None, None, [])
