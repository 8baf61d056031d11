"""Every damage by name.

Belongs here: bringing together the modules that hold damages. What a damage is stands in
`demo.city.defects.damage`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from demo.city.defects import cells, numbers, places, subjects
from demo.city.defects.damage import REGISTERED, Damage

MODULES: Final[tuple[ModuleType, ...]] = (cells, numbers, places, subjects)
"""Importing them registers their damages."""


def damages() -> Mapping[str, Damage]:
    """Damage by name: the kind's id, or what its `how` names."""
    return REGISTERED
