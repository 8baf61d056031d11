"""Settling: what of a delivery is new, changed, gone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from assets.intake.settle import Settlement, Settler, TooManyRemovals
from catalog.models.rules import Dimension
from quality.rules.model import DUPLICATE_KEY, Rule
from warehouse.engine import connect
from warehouse.log import Delivery, State

COLUMNS = ["list", "name", "_key", "_failed", "_op", "_row", "_delivery", "_seq", "_agency"]
DUPLICATE = Rule(
    DUPLICATE_KEY, "duplicate_key", ("name",), Dimension.ACCURACY, "error", "重复", "", "", "", 3
)
WRONG_KEY = Rule("no.form", "form", ("no",), Dimension.ACCURACY, "error", "形式", "", "", "", 5)
SCHEMA = {
    "list": pl.String, "name": pl.String, "_key": pl.String, "_failed": pl.Int64,
    "_op": pl.String, "_row": pl.Int64, "_delivery": pl.String, "_seq": pl.Int64,
    "_agency": pl.String,
}  # fmt: skip


class Deliverer:
    """Settles small deliveries one after the other, as one deliverer's."""

    def __init__(
        self, folder: Path, scope: tuple[str, ...] = (), limit: float | None = 1.0
    ) -> None:
        self.folder, self.scope, self.limit = folder, scope, limit
        self.wrong_keys: set[str | None] = set()
        self.files: list[str] = []
        self.count = 0

    def deliver(
        self,
        rows: list[tuple[str, str | None, str]],
        mode: str = "snapshot",
        op: str = "upsert",
        ops: Sequence[str] = (),
    ) -> Settlement:
        """Rows of (list, key, name), with one operation or an operation each."""
        self.count += 1
        name = f"d{self.count}"
        staged = self.folder / f"{name}.staged.parquet"
        pl.DataFrame(
            [
                (where, label, key, self._mask(key), each, number, name, self.count, "health")
                for number, ((where, key, label), each) in enumerate(
                    zip(rows, ops or [op] * len(rows), strict=True), start=1
                )
            ],
            schema=SCHEMA,
            orient="row",
        ).write_parquet(staged)
        delivery = replace(_DELIVERY, delivery=name, seq=self.count, mode=mode)
        settler = Settler(
            connect(self.folder), COLUMNS, DUPLICATE, self.scope, self.limit, [WRONG_KEY]
        )
        settlement = settler.settle(delivery, staged, self.files, self.folder / f"{name}.parquet")
        if settlement.file is not None:
            self.files.append(str(settlement.file.path))
        return settlement

    def _mask(self, key: str | None) -> int:
        return WRONG_KEY.mask_value if key in self.wrong_keys else 0

    def current(self) -> dict[str, tuple[str, int]]:
        """Key → (name, mask) of the current rows."""
        history = pl.read_parquet(self.files)
        latest = history.sort("_seq").group_by("_key").last().filter(pl.col("_op") == "upsert")
        return {row["_key"]: (row["name"], row["_failed"]) for row in latest.to_dicts()}


_NOON = datetime(2026, 11, 23, 12)
_DELIVERY = Delivery(
    "d1", State.RECEIVED, "health/beds", "health", "x.csv", "health/beds/x.csv", 0, 0, "", 1,
    _NOON, _NOON, mode="snapshot",
)  # fmt: skip


def test_a_first_delivery_is_appended_whole(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    settled = health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    assert (settled.upserted, settled.replaced, settled.removed) == (2, 0, 0)
    assert health.current() == {"1": ("甲", 0), "2": ("乙", 0)}


def test_unchanged_rows_are_not_appended(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    settled = health.deliver([("a", "1", "甲"), ("a", "2", "丙")])
    assert (settled.upserted, settled.replaced, settled.unchanged) == (1, 1, 1)
    assert settled.file is not None and settled.file.rows == 1
    assert health.deliver([("a", "1", "甲"), ("a", "2", "丙")]).file is None


def test_a_snapshot_removes_the_keys_it_lacks_and_an_increment_does_not(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    assert health.deliver([("a", "1", "甲")], mode="increment").removed == 0
    assert set(health.current()) == {"1", "2"}
    assert health.deliver([("a", "1", "甲")]).removed == 1
    assert set(health.current()) == {"1"}


def test_a_snapshot_of_one_list_leaves_the_other_list_alone(tmp_path: Path) -> None:
    health = Deliverer(tmp_path, scope=("list",))
    health.deliver([("a", "a1", "甲"), ("a", "a2", "乙")])
    assert health.deliver([("b", "b1", "丙")]).removed == 0
    assert health.deliver([("a", "a1", "甲")]).removed == 1
    assert set(health.current()) == {"a1", "b1"}


def test_more_removals_than_the_limit_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.deliver([("a", str(n), "甲") for n in range(100)])
    health.deliver([("a", str(n), "甲") for n in range(5, 100)])
    with pytest.raises(TooManyRemovals) as excess:
        health.deliver([("a", str(n), "甲") for n in range(20, 100)])
    assert (excess.value.removed, excess.value.held) == (15, 95)
    assert not (tmp_path / "d3.parquet").exists()


def test_wrong_keys_that_give_way_to_new_ones_are_no_removals(tmp_path: Path) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.wrong_keys = {"x0", "x1"}
    rows = [("a", str(n), "甲") for n in range(10)]
    health.deliver([*rows, ("a", "x0", "乙"), ("a", "x1", "丙")])
    settled = health.deliver([*rows, ("a", "10", "乙"), ("a", "11", "丙")])
    assert (settled.removed, settled.upserted) == (2, 2)
    assert set(health.current()) == {str(n) for n in range(12)}


def test_wrong_keys_beyond_the_new_ones_are_removals(tmp_path: Path) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.wrong_keys = {"7", "8", "9"}
    health.deliver([("a", str(n), "甲") for n in range(10)])
    with pytest.raises(TooManyRemovals):
        health.deliver([("a", str(n), "甲") for n in (*range(7), 10)])
    assert health.deliver([("a", str(n), "甲") for n in (*range(7), 10, 11)]).removed == 3


@pytest.mark.parametrize(
    ("held", "removed", "allowed"),
    [(35, 4, True), (35, 5, False), (1000, 64, True), (1000, 65, False)],
)
def test_a_short_list_may_lose_by_chance_more_than_its_share(
    tmp_path: Path, held: int, removed: int, allowed: bool
) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.deliver([("a", str(n), "甲") for n in range(held)])
    with nullcontext() if allowed else pytest.raises(TooManyRemovals):
        assert (
            health.deliver([("a", str(n), "甲") for n in range(removed, held)]).removed == removed
        )


def test_a_single_key_may_go_from_the_shortest_list(tmp_path: Path) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙"), ("a", "3", "丙")])
    assert health.deliver([("a", "1", "甲"), ("a", "3", "丙")]).removed == 1


@pytest.mark.parametrize(
    ("wrong", "left"),
    [
        ({"8", "9"}, [*range(8)]),
        (set(), [*range(8), 10, 11]),
    ],
    ids=["nothing instead", "right keys"],
)
def test_keys_that_merely_disappear_are_removals_however_wrong_others_were(
    tmp_path: Path, wrong: set[str | None], left: list[int]
) -> None:
    health = Deliverer(tmp_path, limit=0.05)
    health.wrong_keys = wrong
    health.deliver([("a", str(n), "甲") for n in range(10)])
    with pytest.raises(TooManyRemovals) as excess:
        health.deliver([("a", str(n), "甲") for n in left])
    assert (excess.value.removed, excess.value.held) == (2, 10)


def test_of_a_key_delivered_twice_the_last_row_stays_and_is_marked(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    settled = health.deliver([("a", "1", "甲"), ("a", "2", "乙"), ("a", "1", "丙")])
    assert (settled.upserted, settled.duplicated) == (2, 1)
    assert health.current() == {"1": ("丙", 8), "2": ("乙", 0)}


def test_a_key_delivered_once_again_loses_the_mark(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "1", "甲")])
    assert health.deliver([("a", "1", "甲")]).upserted == 1
    assert health.current() == {"1": ("甲", 0)}


def test_rows_without_a_key_are_counted_and_kept_out(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    settled = health.deliver([("a", None, "甲"), ("a", "2", "乙")])
    assert (settled.quarantined, settled.upserted) == (1, 1)
    assert set(health.current()) == {"2"}


def test_a_declared_deletion_ends_the_key_and_one_of_an_unknown_key_changes_nothing(
    tmp_path: Path,
) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    settled = health.deliver([("a", "1", "甲"), ("a", "9", "己")], mode="increment", op="delete")
    assert (settled.deleted, settled.removed, settled.upserted) == (2, 1, 0)
    assert set(health.current()) == {"2"}


def test_a_key_deleted_and_delivered_again_in_one_file_is_no_duplicate(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    rows = [("a", "1", "甲"), ("a", "1", "丙"), ("a", "2", "丁"), ("a", "2", "戊")]
    health.deliver(rows, mode="increment", ops=["delete", "upsert", "upsert", "upsert"])
    assert health.current() == {"1": ("丙", 0), "2": ("戊", DUPLICATE.mask_value)}


def test_a_deleted_key_can_come_back(tmp_path: Path) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "2", "乙")])
    health.deliver([("a", "2", "乙")])
    assert health.deliver([("a", "1", "甲"), ("a", "2", "乙")]).upserted == 1
    assert set(health.current()) == {"1", "2"}


@pytest.mark.parametrize("rows", [[("a", "1", "甲"), ("a", "1", "乙"), ("a", None, "丙")]])
def test_accepted_rows_are_the_sum_of_their_parts(
    tmp_path: Path, rows: list[tuple[str, str | None, str]]
) -> None:
    health = Deliverer(tmp_path)
    health.deliver([("a", "1", "甲"), ("a", "7", "庚")])
    settled = health.deliver(rows)
    parts = (
        settled.upserted + settled.unchanged + settled.duplicated + settled.quarantined
        + settled.deleted
    )  # fmt: skip
    assert parts == len(rows)
