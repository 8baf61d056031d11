"""Which unit is in charge of what where.

Belongs here: agencies as units: a line's office for each division, and town governments by address.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from demo.city.city import City
from demo.city.rng import Ints


@lru_cache(maxsize=32)
def offices(city: City, line: str) -> Ints:
    """The unit of the line's office in each of `places.divisions`: the district's agency of the
    catalogue, else the city's (the agency `line` itself)."""
    agencies = city.catalog.agencies
    local = {agency.division: name for name, agency in agencies.items() if agency.parent == line}
    return np.array([city.units.of_agency(local.get(code, line)) for code in city.places.divisions])


@lru_cache(maxsize=2)
def _town_of_community(city: City) -> Ints:
    """The unit of the town government of each community."""
    at = {town: position for position, town in enumerate(city.places.towns)}
    return city.units.towns.start + np.array([at[c[:9]] for c in city.places.communities])


def town_governments(city: City, address: Ints) -> Ints:
    """The unit of the town government in whose area each address lies."""
    return _town_of_community(city)[city.places.community(address)]
