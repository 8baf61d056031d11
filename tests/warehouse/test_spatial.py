"""The spatial extension, loaded from its wheel."""

from __future__ import annotations

from importlib.machinery import ModuleSpec
from pathlib import Path

import duckdb
import pytest

from warehouse import spatial
from warehouse.engine import connect


def test_it_loads_on_the_engines_connection_and_leaves_the_users_home_alone(tmp_path: Path) -> None:
    home = tmp_path / "user"
    home.mkdir()
    with connect(tmp_path / "spill") as con:
        con.execute(f"SET home_directory = '{home}'")
        spatial.load(con)
        spatial.load(con)
        found = con.execute(
            "SELECT st_covers('POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))'::GEOMETRY, st_point(1, 1))"
        ).fetchone()
    assert found == (True,)
    assert list(home.rglob("*")) == []


@pytest.mark.parametrize(
    ("folder", "told"), [(False, "is not installed"), (True, "holds none for it")]
)
def test_a_missing_extension_is_named_with_what_to_install(
    folder: bool, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(name: str) -> ModuleSpec | None:
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(tmp_path)]
        return spec if folder else None

    monkeypatch.setattr(spatial, "find_spec", found)
    wanted = f"{told}: install duckdb-extension-spatial=={duckdb.__version__}"
    with duckdb.connect() as con, pytest.raises(spatial.SpatialMissingError, match=wanted):
        spatial.load(con)
