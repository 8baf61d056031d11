"""The home: its clock and its lock."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from warehouse.home import Clock, Home, HomeBusy

HOLD = """
import sys, time
from pathlib import Path
from warehouse.home import Home
with Home(Path(sys.argv[1])).locked(0):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_clock_stands_where_lakehouse_now_sets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_NOW", "2026-11-23T00:30:00+00:00")
    assert Clock.from_environment().now() == datetime(2026, 11, 23, 8, 30)


def test_a_time_that_is_none_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_NOW", "tomorrow")
    with pytest.raises(ValueError, match="LAKEHOUSE_NOW"):
        Clock.from_environment()


def test_the_home_is_absolute_whatever_the_variable_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAKEHOUSE_HOME", "city")
    assert Home.from_environment().root == tmp_path / "city"


def test_a_second_process_is_told_who_holds_the_home_and_a_kill_gives_it_back(
    tmp_path: Path,
) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    told: list[str] = []
    with pytest.raises(HomeBusy, match=str(holder.pid)), Home(tmp_path).locked(0.2, told.append):
        pass
    assert len(told) == 1
    holder.kill()
    holder.wait()
    holder.stdout.close()
    with Home(tmp_path).locked(0):
        pass
