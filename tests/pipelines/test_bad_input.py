"""Bad input through the whole door: every fault lies in landing at once, beside sound deliveries.

One `lakehouse run` meets all of them; a second home gets the sound neighbours alone. A file is
refused, held back or left where it lies, and named with the place of its fault; a bad record costs
itself alone; nothing that was delivered is lost; the neighbours end as if they had been alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.pipelines.bad_files import (
    FOLDER,
    HEADER,
    LEFT,
    LONG,
    MIXED,
    NAMES,
    REFUSED,
    WAYS_OUT,
    line,
    text,
)
from warehouse.home import Clock
from warehouse.lake import Lake
from warehouse.log import Delivery, DeliveryLog, State
from warehouse.names import printable

SAMPLE = Path(__file__).resolve().parents[2] / "demo" / "sample"
NEIGHBOURS = ("ecology/air_hourly", "development_reform/dishonest_entities")
GROWING = "growing.csv"


@dataclass
class City:
    """The home of all faults after its run, and the one of the neighbours alone."""

    line: Any
    alone: Path
    put: dict[Path, str]
    """Every file put into landing, by its path below it, and its SHA-256."""
    code: int
    told: str
    grown: bytes
    later: str
    """What a second run said, once the growing file had been finished."""

    def log(self) -> DeliveryLog:
        """The log of the home."""
        return DeliveryLog(Lake(self.line.home / "lake"), Clock(datetime(2026, 11, 23)))

    def delivery(self, shown: str) -> Delivery:
        """The one delivery of a file that was decided."""
        (found,) = (
            known
            for known in self.log().deliveries
            if known.file == shown and known.state is not State.WITHDRAWN
        )
        return found

    def table(self, name: str) -> pl.DataFrame:
        """A lake table, read as anybody would."""
        return pl.read_delta(str(self.line.home / "lake" / name))


@contextmanager
def growing(path: Path) -> Iterator[list[bytes]]:
    """Somebody appends to the file while the block runs; holds what it came to in the end."""
    path.write_bytes(HEADER.encode())
    ended, written = threading.Event(), [b""]

    def write() -> None:
        year = 0
        with path.open("ab", buffering=0) as file:
            while not ended.wait(0.01) or year < 3:
                year += 1
                file.write(line(1000 + year % 900).encode())
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        ended.set()
        writer.join()
        written[0] = path.read_bytes()


def digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def put_neighbours(line: Any) -> None:
    """The sound deliveries of other datasets."""
    for place in NEIGHBOURS:
        for file in (SAMPLE / place).iterdir():
            line.put(f"{place}/{file.name}", file)


def put_all(line: Any, outside: Path) -> None:
    """Every fault, every odd name and a sound file into the landing folder."""

    def put(name: str, content: bytes | Callable[[], bytes], **manifest: object) -> None:
        line.put(f"{FOLDER}/{name}", content if isinstance(content, bytes) else content())
        line.put(f"{FOLDER}/{name}.manifest.json", json.dumps({"mode": "increment", **manifest}))

    put("sound.csv", text(2060, 2061))
    for name, fault in REFUSED.items():
        put(name, fault.content, **fault.manifest)
    for name, mixed in MIXED.items():
        put(name, mixed.content)
    for name in NAMES:
        put(name, b"")
    for name, content in WAYS_OUT.items():
        put(name, content)
    line.put(LONG, SAMPLE / "zhangdian_market_supervision/business_entities/登记信息_20260930.csv")
    folder = line.home / "landing" / FOLDER
    for place in LEFT:
        if place.endswith("link.csv"):
            (folder / "link.csv").symlink_to(outside)
        else:
            line.put(place, "a,b\n1,2\n")
    line.put(f"{FOLDER}/..\\..\\x.csv", text(2000))
    line.put(f"{FOLDER}/linked_manifest.csv", text(2010))
    (folder / "linked_manifest.csv.manifest.json").symlink_to(outside)
    line.put(f"{FOLDER}/{GROWING}.manifest.json", json.dumps({"mode": "increment"}))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, command_line: Callable[[Path], Any]) -> City:
    """The home of all faults, run once while a file grew and once when it had been finished."""
    folder = tmp_path_factory.mktemp("bad_input")
    outside = folder / "outside.json"
    outside.write_text(json.dumps({"secret_field": 1}))
    line, alone = command_line(folder / "home"), command_line(folder / "alone")
    put_neighbours(alone)
    put_neighbours(line)
    put_all(line, outside)
    landing = line.home / "landing"
    put = {
        path.relative_to(landing): digest(path)
        for path in landing.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.endswith(".manifest.json")
    }
    undisturbed = alone.start("run")
    with growing(landing / FOLDER / GROWING) as grown:
        code, told = line("run")
    _, later = line("run")
    undisturbed.communicate()
    assert undisturbed.returncode == 0
    return City(line, alone.home, put, code, told, grown[0], later)


def said_of(told: str, name: str) -> str:
    """The line of the summary that names the file behind a mark."""
    (found,) = (
        each
        for each in told.splitlines()
        if each.startswith(("已退回", "未识别", "已暂扣")) and name in each
    )
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_unusable_is_refused_and_its_fault_named(city: City, name: str) -> None:
    known = city.delivery(name)
    assert (known.state, known.accepted) == (State.REFUSED, None)
    message = said_of(city.told, name)
    assert known.message is not None and known.message in message
    for said in REFUSED[name].said:
        assert said in message
    assert city.table(f"raw/{FOLDER}").filter(_delivery=known.delivery).is_empty()


@pytest.mark.parametrize("name", MIXED)
def test_a_bad_record_costs_itself_and_rows_and_lines_stay_right(city: City, name: str) -> None:
    known, mixed = city.delivery(name), MIXED[name]
    assert known.state is State.APPLIED
    raw = city.table(f"raw/{FOLDER}").filter(_delivery=known.delivery).sort("_row")
    assert raw.select("year", "_row", "_line").rows() == mixed.good
    rejects = city.table("quality/rejects").filter(delivery=known.delivery).sort("row")
    assert rejects.select("row", "line", "reason").rows() == mixed.bad
    assert known.counted == len(mixed.good) + len(mixed.bad)
    years = city.table(f"standard/{FOLDER}").filter(_delivery=known.delivery)["year"].to_list()
    assert sorted(years) == [int(year) for year, _, _ in mixed.good]


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_is_shown_as_it_is_and_obeyed_by_no_terminal(city: City, name: str) -> None:
    known = city.delivery(NAMES[name])
    assert known.state is State.REFUSED
    assert f"文件“{NAMES[name]}”是空的" in city.told
    assert (city.line.home / "archive" / known.delivery / name).is_file()


@pytest.mark.parametrize("name", WAYS_OUT)
def test_a_name_leads_nowhere_but_into_the_archive(city: City, name: str) -> None:
    known = city.delivery(printable(name))
    assert (known.state, known.upserted) == (State.APPLIED, 1)
    kept = city.line.home / "archive" / known.delivery / name
    assert kept.read_bytes() == WAYS_OUT[name]


def test_a_name_that_leaves_no_room_for_a_manifest_is_taken_in(city: City) -> None:
    assert city.delivery(Path(LONG).name).state is State.APPLIED


@pytest.mark.parametrize("place", LEFT)
def test_what_is_no_delivery_is_named_and_left_where_it_lies(city: City, place: str) -> None:
    shown = place.partition("/")[0] if place.startswith("no_such") else place
    assert LEFT[place] in said_of(city.told, shown)
    assert os.path.lexists(city.line.home / "landing" / place)


def test_a_manifest_is_not_read_through_a_link(city: City) -> None:
    assert city.delivery("linked_manifest.csv").state is State.REFUSED
    assert "不接受符号链接" in said_of(city.told, "linked_manifest.csv.manifest.json")
    assert "secret_field" not in city.told


def test_a_file_that_is_still_being_written_waits_and_is_then_taken_in_whole(city: City) -> None:
    assert f"等待中 {GROWING}" in city.told
    known = city.delivery(GROWING)
    assert known.state is State.APPLIED and GROWING in city.later
    assert known.counted == known.accepted == city.grown.count(b"\n") - 1
    assert (city.line.home / "archive" / known.delivery / GROWING).read_bytes() == city.grown


def test_nothing_that_was_delivered_is_lost(city: City) -> None:
    archive, landing = city.line.home / "archive", city.line.home / "landing"
    kept = {path.name: path for path in archive.rglob("*") if path.is_file()}
    for place, wanted in city.put.items():
        path = landing / place
        assert digest(path if path.exists() else kept[place.name]) == wanted
    decided = [known for known in city.log().deliveries if known.state is State.APPLIED]
    assert all(known.counted == known.accepted + known.rejected for known in decided)  # type: ignore[operator]


def test_nothing_is_written_outside_the_home(city: City) -> None:
    folder = city.line.home.parent
    assert {path.name for path in folder.iterdir()} == {"home", "alone", "outside.json"}
    assert {path.parent.name for path in city.line.home.rglob("x.csv")} == {"no_such_dataset"}


def test_the_run_says_that_some_were_refused_and_that_nothing_of_ours_failed(city: City) -> None:
    assert city.code == 3
    assert "平台故障" not in city.told + city.later and "Traceback" not in city.told + city.later


@pytest.mark.parametrize("dataset", NEIGHBOURS)
def test_the_neighbours_end_as_if_they_had_been_alone(city: City, dataset: str) -> None:
    def contents(home: Path) -> pl.DataFrame:
        rows = pl.read_delta(str(home / "lake/standard" / dataset)).drop("_delivery", "_seq")
        return rows.sort(rows.columns)

    among_faults, alone = contents(city.line.home), contents(city.alone)
    assert alone.height > 0
    assert among_faults.equals(alone)
    sound = city.delivery("sound.csv")
    assert (sound.state, sound.upserted) == (State.APPLIED, 2)
