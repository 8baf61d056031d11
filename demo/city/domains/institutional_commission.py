"""编办: public bodies.

Belongs here: this dataset. The bodies stand in `demo.city.units`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from demo.city.city import City
from demo.city.declared import declaration
from demo.city.rng import Ints
from demo.city.table import table
from demo.city.text import dates, pick


@lru_cache(maxsize=2)
def superiors(city: City) -> Ints:
    """The body each public body answers to, by position among the bodies; -1 for none.

    A district's bureau to the city's, schools to the education bureau, hospitals to the health
    commission, institutions to a town government.
    """
    units, agencies = city.units, city.catalog.agencies
    superior = np.full(len(units.bodies), -1)
    for at, agency in enumerate(units.agency_bodies):
        parent = agencies[agency].parent
        if parent in units.agency_bodies:
            superior[at] = units.of_agency(parent)
    first = units.bodies.start
    for place, agency in ((units.schools, "education"), (units.hospitals, "health")):
        superior[place.start - first : place.stop - first] = units.of_agency(agency)
    institution = np.array(units.institutions)
    town = units.towns.start + institution % len(units.towns)
    superior[institution - first] = town
    return superior


@table("institutional_commission/public_bodies", slots=lambda city: len(city.units.bodies))
def public_bodies(city: City, start: int, stop: int) -> pl.DataFrame:
    """One row a public body."""
    units = city.units
    unit = np.array(units.bodies[start:stop], dtype=np.int64)
    uscc = units.uscc.gather(unit)
    return pl.DataFrame(
        {
            "uscc": uscc,
            "name": units.name.gather(unit),
            "body_type": uscc.str.slice(0, 2),
            "superior_uscc": pick(units.uscc, superiors(city)[start:stop]),
            "legal_representative": city.people.name.gather(units.representative[unit]),
            "address": units.addresses(unit),
            "status": pick(list(declaration("units")["body_status"]), units.status[unit]),
            "established_on": dates(units.established[unit]),
        }
    )
