"""Measuring commands from outside, killing them, and stating the figures."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from benchmarks import kill
from benchmarks.measure import MIB, CommandFailed, environment, group_memory, measured, start
from benchmarks.report import put_section, table

HOLD_MEMORY = "import time; held = bytearray(80 * 1024 * 1024); time.sleep(0.4)"
WITH_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD_MEMORY!r}])"


def test_memory_of_descendants_is_counted(tmp_path: Path) -> None:
    cost = measured([sys.executable, "-c", WITH_CHILD], os.environ, tmp_path / "out")

    assert cost.seconds > 0.4
    assert cost.peak_process > 80 * MIB
    assert cost.peak_tree >= cost.peak_process


def test_a_command_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]

    with pytest.raises(CommandFailed, match=r"ended with 3:\nno such table"):
        measured(command, os.environ, tmp_path / "out")

    assert measured(command, os.environ, tmp_path / "out", allowed=(0, 3)).exit_code == 3


def test_a_command_sees_its_own_home_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKEHOUSE_LAKE_URI", "s3://elsewhere")
    monkeypatch.setenv("LAKEHOUSE_DAGSTER", "/elsewhere")

    env = environment(tmp_path)

    assert "LAKEHOUSE_LAKE_URI" not in env
    assert env["LAKEHOUSE_HOME"] == str(tmp_path)
    assert env["LAKEHOUSE_DAGSTER"] == str(tmp_path / "dagster")


def test_a_kill_reaches_the_whole_process_group(tmp_path: Path) -> None:
    process = start([sys.executable, "-c", WITH_CHILD], os.environ, tmp_path / "out")

    assert kill._kill_after(process, 0.3)
    assert process.returncode == -9
    assert group_memory(process.pid) == 0


def test_a_process_that_ended_before_the_kill_is_not_counted_as_hit(tmp_path: Path) -> None:
    process = start([sys.executable, "-c", ""], os.environ, tmp_path / "out")

    assert not kill._kill_after(process, 10)


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    put_section("Intake", table(["s"], [["1.00"]]), page)
    put_section("Command line", "text", page)

    put_section("Intake", table(["s"], [["2.00"]]), page)

    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Benchmarks\n")
    assert text.count("## Intake") == text.count("## Command line") == 1
    assert "| 2.00 |" in text
    assert "1.00" not in text
    assert text.index("## Intake") < text.index("## Command line")
