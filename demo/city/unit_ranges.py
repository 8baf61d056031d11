"""Which numbers are which units.

Belongs here: how many units of each sort there are, and where each sort begins. What the units are
stands in `demo.city.unit_traits` and `demo.city.units`.
"""

from __future__ import annotations

from typing import Any

from demo.city.basis import Basis
from demo.city.declared import declaration


class UnitRanges:
    """Unit u is a number: firms first (agencies that are firms, state enterprises, clinics, the
    rest), then public bodies (agencies, town governments, schools, hospitals, institutions), then
    social organisations."""

    def __init__(self, basis: Basis) -> None:
        self._declared: dict[str, Any] = declaration("units")
        scale, agencies = basis.scale, basis.catalog.agencies
        self.agency_firms = tuple(a for a in self._declared["agency_firms"] if a in agencies)
        self.agency_bodies = tuple(a for a in agencies if a not in self._declared["agency_firms"])
        self.firms = scale.entities("firms")
        self.state = range(
            len(self.agency_firms), len(self.agency_firms) + scale.entities("state_enterprises")
        )
        self.clinics = range(self.state.stop, self.state.stop + scale.entities("clinics"))
        self.agencies = range(self.firms, self.firms + len(self.agency_bodies))
        self.towns = range(self.agencies.stop, self.agencies.stop + len(basis.town_codes))
        self.schools = range(self.towns.stop, self.towns.stop + scale.entities("schools"))
        self.hospitals = range(self.schools.stop, self.schools.stop + scale.entities("hospitals"))
        rest = scale.entities("public_bodies") - (self.hospitals.stop - self.firms)
        self.institutions = range(
            self.hospitals.stop, self.hospitals.stop + max(rest, len(basis.town_codes))
        )
        self.bodies = range(self.firms, self.institutions.stop)
        self.social = range(
            self.bodies.stop, self.bodies.stop + scale.entities("social_organizations")
        )
        self.count = self.social.stop

    def of_agency(self, agency: str) -> int:
        """The unit that an agency of the catalogue is; KeyError when it is none."""
        if agency in self.agency_firms:
            return self.agency_firms.index(agency)
        if agency in self.agency_bodies:
            return self.agencies.start + self.agency_bodies.index(agency)
        raise KeyError(agency)
