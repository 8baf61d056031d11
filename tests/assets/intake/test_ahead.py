"""Deliveries staged ahead by a second process end as those do that are staged in their turn."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.intake import ahead, apply
from assets.intake.ahead import staging_ahead
from assets.intake.queue import take_in, to_stage
from assets.intake.receipts import Taken, register
from assets.intake.stage import stage
from assets.progress import listening
from warehouse.log import State

from ..conftest import REF, Statistics, right_row

INCREMENT = {"mode": "increment"}


@pytest.fixture(autouse=True)
def small_files_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_WORTH_IT", 0)


@contextmanager
def staged_ahead(of: Statistics) -> Iterator[Callable[[], Taken]]:
    """Takes in under a second process, none of it staged in this one."""
    register(of.house)
    with staging_ahead(of.house, to_stage(of.house, [REF])), of.house.engine() as engine:
        yield lambda: take_in(of.house, engine, [REF])


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that this process stages itself."""
    files: list[str] = []
    monkeypatch.setattr(apply, "stage", lambda *given: files.append(given[2].file) or stage(*given))
    return files


def put_a_mixed_lot(of: Statistics) -> None:
    """Right, wrong, keyless, unreadable and refused, more files than are staged at a time."""
    shandong, jiangsu = right_row(2024, "山东", 1000), right_row(2024, "江苏", 2000)
    of.put("a_2025-01-01.csv", shandong, jiangsu)
    of.put("b_2025-02-01.csv", "2024,江苏省,7", right_row(2023, "火星", 10), manifest=INCREMENT)
    of.put("c_2025-03-01.csv", right_row(2023, "", 10), manifest=INCREMENT)
    of.put("d_2025-04-01.csv", manifest=INCREMENT)
    of.put("e_2025-05-01.csv", shandong, manifest={**INCREMENT, "rows": 9})
    for year in range(2010, 2017):
        of.put(f"f_2025-06-{year - 2000}.csv", right_row(year, "山东", year), manifest=INCREMENT)


def contents(of: Statistics) -> dict[str, pl.DataFrame]:
    """Every table of the lake but for the moments at which things were done."""
    moments = ("at", "first_seen", "mtime_ns")
    return {
        str(log.parent.relative_to(of.home.lake)): pl.read_delta(str(log.parent)).drop(
            moments, strict=False
        )
        for log in of.home.lake.rglob("_delta_log")
    }


def test_the_lake_is_the_same_table_for_table(
    statistics: Statistics, another: Statistics, here: list[str]
) -> None:
    put_a_mixed_lot(another)
    another.take()
    assert len(here) == 12
    here.clear()
    put_a_mixed_lot(statistics)
    with staged_ahead(statistics) as take:
        states = [known.state for known in take().decided]
    assert states.count(State.REFUSED) == 2 and states.count(State.APPLIED) == 10
    assert here == []
    one, other = contents(statistics), contents(another)
    assert one.keys() == other.keys()
    for name, frame in one.items():
        by = [column for column, kind in frame.schema.items() if not kind.is_nested()]
        assert frame.sort(by).equals(other[name].sort(by)), name


def test_a_listener_hears_of_what_the_second_process_reads(
    statistics: Statistics, here: list[str]
) -> None:
    statistics.put("a_2025-01-01.csv", right_row(2024, "山东", 1000))
    statistics.put("b_2025-02-01.csv", right_row(2024, "山东", 2000), manifest=INCREMENT)
    heard: list[tuple[str, str]] = []
    with (
        listening(lambda delivery, stage, _: heard.append((delivery.file, stage))),
        staged_ahead(statistics) as take,
    ):
        take()
    for file in ("a_2025-01-01.csv", "b_2025-02-01.csv"):
        assert [stage for name, stage in heard if name == file and stage != "读取"] == [
            "规范化", "校验", "比对入库",
        ]  # fmt: skip
        assert (file, "读取") in heard
    assert here == []


def test_what_the_other_process_cannot_do_any_more_is_done_here(statistics: Statistics) -> None:
    for year in range(2010, 2018):
        statistics.put(f"{year}-01-01.csv", right_row(year, "山东", year), manifest=INCREMENT)
    with staged_ahead(statistics) as take:
        os.kill(ahead._ahead[-1]._process.pid or 0, signal.SIGKILL)
        assert {known.state for known in take().decided} == {State.APPLIED}
    assert len(statistics.current()) == 8


def test_a_listener_that_fails_stops_no_delivery(statistics: Statistics) -> None:
    for year in range(2010, 2013):
        statistics.put(f"{year}-01-01.csv", right_row(year, "山东", year), manifest=INCREMENT)

    def fail(*_: object) -> None:
        if threading.current_thread() is ahead._ahead[-1]._listener:
            raise RuntimeError

    with listening(fail), staged_ahead(statistics) as take:
        assert {known.state for known in take().decided} == {State.APPLIED}
    assert len(statistics.current()) == 3


def test_a_file_that_changed_after_it_was_staged_is_not_taken_for_what_it_was(
    statistics: Statistics,
) -> None:
    statistics.put("a_2025-01-01.csv", right_row(2024, "山东", 1000))
    path = statistics.put("b_2025-02-01.csv", right_row(2024, "山东", 2000), manifest=INCREMENT)
    with staged_ahead(statistics) as take:
        _until(lambda: len(ahead._ahead[-1]._answers) == 2)
        statistics.put("b_2025-02-01.csv", right_row(2024, "山东", 3000), manifest=INCREMENT)
        os.utime(path, (time.time() + 5,) * 2)
        take()
    statistics.take()
    assert statistics.current() == {(2024, "370000"): 3000}


def test_deliveries_passed_over_leave_room_and_nothing_behind(
    statistics: Statistics, here: list[str]
) -> None:
    """More copies of a file come first than are staged at a time; each is but a receipt."""
    first = right_row(2024, "山东", 1000)
    for copy in range(6):
        statistics.put(f"{copy}_2025-01-01.csv", first)
    for year in range(2010, 2014):
        row = right_row(year, "山东", year)
        statistics.put(f"{year}_2025-02-01.csv", row, manifest=INCREMENT)
    with staged_ahead(statistics) as take:
        _until(lambda: len(ahead._ahead[-1]._answers) == 4)
        states = [known.state for known in take().decided]
        left = {path.name for path in statistics.home.staging.iterdir()}
    assert states.count(State.DUPLICATE) == 5
    assert here == ["2010_2025-02-01.csv"]
    assert not left & {known.delivery for known in statistics.house.log.deliveries}


def test_another_definition_of_the_dataset_is_no_reason_to_trust_the_other_process(
    statistics: Statistics, monkeypatch: pytest.MonkeyPatch, here: list[str]
) -> None:
    statistics.put("a_2025-01-01.csv", right_row(2024, "山东", 1000))
    statistics.put("b_2025-02-01.csv", right_row(2023, "山东", 1000), manifest=INCREMENT)
    own = type(statistics.house.catalog).dataset_version
    monkeypatch.setattr(
        type(statistics.house.catalog), "dataset_version", lambda *given: own(*given) + "'"
    )
    with staged_ahead(statistics) as take:
        take()
    assert here == ["a_2025-01-01.csv", "b_2025-02-01.csv"]


def test_small_files_are_staged_in_their_turn(
    statistics: Statistics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    statistics.put("a_2025-01-01.csv", right_row(2024, "山东", 1000))
    statistics.put("b_2025-02-01.csv", right_row(2023, "山东", 1000), manifest=INCREMENT)
    with staged_ahead(statistics) as take:
        assert ahead._ahead == []
        take()


def test_the_second_process_ends_with_a_first_one_that_is_killed(tmp_path: Path) -> None:
    """In the midst of work, which does not hear of the end of the pipe."""
    root = tmp_path / "catalog"
    shutil.copytree(_ROOT / "catalog", root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    endless = root / "elements" / "endless.yaml"
    os.mkfifo(endless)
    first = subprocess.Popen(
        [sys.executable, "-c", _FIRST, str(root), str(tmp_path / "spill")],
        stdout=subprocess.PIPE, text=True, cwd=_ROOT,
    )  # fmt: skip
    assert first.stdout is not None
    second = int(first.stdout.readline())
    with endless.open("w"):  # opens once the second process has begun to read, and ends no more
        first.kill()
        first.wait()
        _until(lambda: not _lives(second))


_ROOT = Path(__file__).parents[3]
_FIRST = """
import sys, time
from pathlib import Path
from assets.intake.ahead import Ahead

if __name__ == "__main__":
    with Ahead(Path(sys.argv[1]), [], Path(sys.argv[2])) as ahead:
        print(ahead._process.pid, flush=True)
        time.sleep(600)
"""


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(true: Callable[[], Any]) -> None:
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")
