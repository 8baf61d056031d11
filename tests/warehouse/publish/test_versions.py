"""Versions of the published file and the link that readers open."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.publish import Publication, publish, table_of_rows
from warehouse.publish.versions import KEPT, Versions


def _publish(folder: Path, value: int) -> Publication:
    table = table_of_rows("quality", "told", "表", {"n": ("INTEGER", "数")}, [(value,)])
    with duckdb.connect() as con:
        return publish(con, folder, [table], [], built_at=datetime(2026, 3, 2), catalog_version="")


def _told(con: duckdb.DuckDBPyConnection) -> int:
    row = con.execute("SELECT n FROM quality.told").fetchone()
    assert row is not None
    return int(row[0])


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "versions").iterdir())


def test_a_reader_of_the_old_version_is_undisturbed_by_the_switch(tmp_path: Path) -> None:
    _publish(tmp_path, 1)
    link = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(link), read_only=True) as reader:
        _publish(tmp_path, 2)
        assert _told(reader) == 1
    with duckdb.connect(str(link), read_only=True) as reader:
        assert _told(reader) == 2
    assert os.readlink(link) == "versions/warehouse-2.duckdb"


def test_a_version_is_never_altered(tmp_path: Path) -> None:
    first = _publish(tmp_path, 1)
    content = first.path.read_bytes()
    _publish(tmp_path, 2)
    assert first.path.read_bytes() == content


def test_the_last_versions_are_kept_and_numbers_never_come_back(tmp_path: Path) -> None:
    for value in range(1, KEPT + 3):
        _publish(tmp_path, value)
    assert _names(tmp_path) == [f"warehouse-{n}.duckdb" for n in range(3, KEPT + 3)]
    Versions(tmp_path).path(KEPT + 2).unlink()
    assert _publish(tmp_path, 9).version == KEPT + 3


def test_a_reader_of_a_version_no_longer_kept_reads_on(tmp_path: Path) -> None:
    first = _publish(tmp_path, 1)
    with duckdb.connect(str(first.path), read_only=True) as reader:
        for value in range(2, KEPT + 3):
            _publish(tmp_path, value)
        assert not first.path.exists()
        assert _told(reader) == 1


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import duckdb
from warehouse.publish import publish, table_of_rows
from warehouse.publish.versions import Versions

def killed(self, version, built):
    os.kill(os.getpid(), signal.SIGKILL)

Versions.finish = killed
table = table_of_rows("quality", "told", "表", {"n": ("INTEGER", "数")}, [(2,)])
publish(duckdb.connect(), Path(sys.argv[1]), [table], [], built_at=datetime(2026, 3, 2),
        catalog_version="")
"""


def test_a_killed_build_is_never_seen_and_the_next_one_clears_it(tmp_path: Path) -> None:
    _publish(tmp_path, 1)
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert _names(tmp_path) == [".warehouse-2.duckdb.building", "warehouse-1.duckdb"]
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as reader:
        assert _told(reader) == 1
    assert _publish(tmp_path, 3).version == 2
    assert _names(tmp_path) == ["warehouse-1.duckdb", "warehouse-2.duckdb"]
