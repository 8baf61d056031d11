"""The demo's own declarations: weights, names, formats beside this module.

Belongs here: reading them. Codes are the catalogue's; a declaration only names them.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent


@cache
def declaration(name: str) -> Any:
    """The content of `<name>.yaml`; not to be changed by the caller."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as lines:
        return yaml.safe_load(lines)


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `<name>.csv`."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))
