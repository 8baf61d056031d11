"""DuckDB's spatial extension, from the wheel that the lock names.

Belongs here: loading it into a connection. Does not belong here: what is computed with it. The
type GEOMETRY, its cast from well-known text and ST_AsText are DuckDB's own and need nothing loaded.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from warehouse.engine import literal

PACKAGE = "duckdb_extension_spatial"


class SpatialMissingError(Exception):
    """The environment lacks the extension, or has it for another DuckDB."""


def load(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the extension's functions known on a connection; a second time does nothing.

    Takes half a second. Loads the wheel's file where it lies: nothing is downloaded, and nothing
    is copied to the user's home, as INSTALL would. SpatialMissingError says what to install.
    """
    con.execute(f"LOAD {literal(str(_file()))}")


def _file() -> Path:
    spec = find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    version = duckdb.__version__
    for folder in folders:
        file = Path(folder) / "extensions" / f"v{version}" / "spatial.duckdb_extension"
        if file.is_file():
            return file
    found = "holds none for it" if folders else "is not installed"
    raise SpatialMissingError(
        f"DuckDB {version} needs its spatial extension, and the package {PACKAGE} {found}:"
        f" install {PACKAGE.replace('_', '-')}=={version}, as requirements.lock does"
    )
