"""Homes in which the command line is run as a user runs it, as a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests import commands

REAL = {
    "market_supervision/business_entities": ("enterprise_registration_zibo.csv", 2583),
    "development_reform/dishonest_entities": ("dishonest_ecommerce_companies.xlsx", 500),
    "development_reform/dishonest_entities/": ("dishonest_transport_companies.xls", 270),
    "ecology/air_hourly": ("air_quality_stations_shandong_2018-02-20T07.json", 74),
    "statistics/regional_gdp": ("gdp_by_province_2015_2024.csv", 310),
}
"""Folder below landing → the real file delivered there and its rows."""

NOW = "2026-11-23T09:00:00"


class CommandLine:
    """`lakehouse` in one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def start(self, *words: str) -> subprocess.Popen[str]:
        """A running command, in a process group of its own."""
        return commands.start(self.home, NOW, *words)

    def __call__(self, *words: str) -> tuple[int, str]:
        """Exit code and what was printed."""
        return commands.run(self.home, NOW, *words)

    def put(self, place: str, source: Path | str | bytes) -> Path:
        """Puts a file (or text, or bytes) at a place below landing."""
        path = self.home / "landing" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, Path):
            shutil.copyfile(source, path)
        elif isinstance(source, bytes):
            path.write_bytes(source)
        else:
            path.write_text(source, encoding="utf-8")
        return path


def real_deliveries() -> Path:
    """The folder of real deliveries; skips where there is none."""
    folder = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
    if not folder:
        pytest.skip("LAKEHOUSE_REAL_DELIVERIES names no folder of real deliveries")
    return Path(folder)


@pytest.fixture
def lakehouse(tmp_path: Path) -> CommandLine:
    """The command line in an empty home."""
    return CommandLine(tmp_path / "home")


@pytest.fixture(scope="session")
def real_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CommandLine, int, str]]:
    """A home into which all real deliveries were run, the run's exit code and what it printed."""
    folder = real_deliveries()
    line = CommandLine(tmp_path_factory.mktemp("city") / "home")
    for place, (name, _) in REAL.items():
        line.put(f"{place.rstrip('/')}/{name}", folder / name)
    code, told = line("run")
    yield line, code, told


@pytest.fixture(scope="session")
def command_line() -> Callable[[Path], CommandLine]:
    """The command line in any home."""
    return CommandLine


@pytest.fixture(scope="session")
def expected_rows() -> Mapping[str, int]:
    """Rows of each real file."""
    return dict(REAL.values())
