"""Districts, towns, communities and addresses of the city.

Belongs here: where things are. Address i is a pure function of (seed, i); who lives or works there
stands with people and units.

Divisions and communities are those of the catalogue's table `zibo_divisions`, boundaries and zones
those of `catalog/geography/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from catalog.entries import Catalog
from catalog.parse import read_yaml
from demo.city.boundaries import Boundaries, position
from demo.city.declared import declaration
from demo.city.rng import Draws, Floats, Ints
from demo.city.text import blank_unless, joined, numbers, pick

CITY: Final = "370300"
"""The city's own code."""
_SPREAD: Final = 40
"""How far from its centre, counted in cells, a community's buildings lie."""


def geography(root: Path) -> dict[str, Any]:
    """The declaration of `catalog/geography/zibo_districts.yaml`; ValueError if unreadable."""
    name = "geography/zibo_districts.yaml"
    content, findings = read_yaml(root / name, name)
    if findings:
        raise ValueError(str(findings[0]))
    return dict(content)


@dataclass(frozen=True)
class Places:
    """`count` addresses; address i belongs to community `community(i)`."""

    catalog: Catalog
    seed: int
    count: int

    @cached_property
    def boundaries(self) -> Boundaries:
        """The counties' polygons."""
        return Boundaries(self.catalog.root)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {code.code: code.name for code in self.catalog.codes("zibo_divisions")}

    @cached_property
    def zones(self) -> dict[str, str]:
        """Town code → code of the zone that administers it."""
        declared = geography(self.catalog.root)["zones"]
        return {town: zone["code"] for zone in declared for town in zone["towns"]}

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """County codes, those with a boundary, in order."""
        return tuple(sorted(self.boundaries.rings))

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """Town codes (9 digits), in order."""
        return tuple(sorted({code[:9] for code in self.communities}))

    @cached_property
    def communities(self) -> tuple[str, ...]:
        """Community and village codes (12 digits), in order."""
        known = (code for code in self._names if len(code) == 12)
        return tuple(sorted(code for code in known if code[:6] in self.boundaries.rings))

    @cached_property
    def divisions(self) -> tuple[str, ...]:
        """Division codes that have residents: counties and zones, in order."""
        return tuple(sorted({*self.counties, *self.zones.values()}))

    @cached_property
    def division_of_community(self) -> Ints:
        """For each community the position of its division (zone before county)."""
        at = {code: place for place, code in enumerate(self.divisions)}
        return np.array([at[self.zones.get(c[:9], c[:6])] for c in self.communities])

    @cached_property
    def county_of_community(self) -> Ints:
        """For each community the position of the county whose boundary it lies in."""
        at = {code: place for place, code in enumerate(self.counties)}
        return np.array([at[code[:6]] for code in self.communities])

    @cached_property
    def _starts(self) -> Ints:
        """The first address of each community, and the count of all at the end."""
        declared = declaration("places")
        kinds = declared["community_weight"]
        weight = np.array(
            [kinds["street" if c[6] == "0" else "town"] for c in self.communities], dtype=float
        )
        weight *= 0.5 + self._draws("community").uniform(np.arange(len(weight)))
        for place, county in enumerate(self.counties):
            inside = self.county_of_community == place
            weight[inside] *= declared["population"][county] / weight[inside].sum()
        shares = np.concatenate([[0.0], np.cumsum(weight)]) / weight.sum()
        starts: Ints = np.round(shares * self.count).astype(np.int64)
        return starts

    def _draws(self, name: str) -> Draws:
        return Draws(self.seed, f"places/{name}")

    def community(self, address: ArrayLike) -> Ints:
        """The position of each address's community."""
        return np.searchsorted(self._starts, np.asarray(address), side="right") - 1

    def division(self, address: ArrayLike) -> Ints:
        """The position of each address's division in `divisions`."""
        return self.division_of_community[self.community(address)]

    def division_codes(self, address: ArrayLike) -> pl.Series:
        """The county or zone of each address as a code."""
        return pick(self.divisions, self.division(address))

    def within(self, division: int, index: ArrayLike) -> Ints:
        """An address in the division (a position in `divisions`) for each index."""
        return self._somewhere(np.flatnonzero(self.division_of_community == division), index)

    def within_town(self, town: str, index: ArrayLike) -> Ints:
        """An address in the town (9 digits) for each index."""
        inside = [at for at, code in enumerate(self.communities) if code[:9] == town]
        return self._somewhere(np.array(inside), index)

    def _somewhere(self, communities: Ints, index: ArrayLike) -> Ints:
        """An address in one of the communities; the nearest one where none has any."""
        draws = self._draws("within")
        low, high = self._starts[communities], self._starts[communities + 1]
        settled = low < high
        if settled.any():
            low, high = low[settled], high[settled]
        chosen = draws.integers(index, 0, len(low), 1)
        return np.minimum(draws.integers(index, low[chosen], high[chosen], 2), self.count - 1)

    def codes(self, address: ArrayLike) -> pl.Series:
        """address_code: the community's 12 digits and 7 of the address within it."""
        at = self.community(address)
        within = np.asarray(address) - self._starts[at] + 1
        return joined(pick(self.communities, at), numbers(within, 7))

    def _block(self, address: ArrayLike) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
        """Community, building within it, dwelling within the building, and whether a village."""
        at = self.community(address)
        within = np.asarray(address, dtype=np.int64) - self._starts[at]
        village = self._village[at]
        block = declaration("places")["block"]
        size = np.where(village, 1, block["units"] * block["floors"] * block["rooms"])
        return at, within // size, within % size, village

    @cached_property
    def _village(self) -> NDArray[np.bool_]:
        endings = tuple(declaration("places")["village_endings"])
        return np.array([self._names[code].endswith(endings) for code in self.communities])

    def is_village(self, address: ArrayLike) -> NDArray[np.bool_]:
        """Whether each address lies in a village."""
        return self._village[self.community(address)]

    def points(self, address: ArrayLike) -> tuple[Floats, Floats]:
        """Longitude and latitude (CGCS2000), inside the county's boundary."""
        at, building, _, _ = self._block(address)
        unique = at * 10**6 + building
        draws = self._draws("point")
        lon, lat = np.empty(len(at)), np.empty(len(at))
        county = self.county_of_community[at]
        for place, code in enumerate(self.counties):
            chosen = county == place
            cells = self.boundaries.cells[code]
            centre = draws.integers(at[chosen], 0, len(cells), draw=1)
            near = draws.integers(unique[chosen], -_SPREAD, _SPREAD + 1, draw=2)
            cell = cells[np.clip(centre + near, 0, len(cells) - 1)]
            lon[chosen] = position(cell[:, 0], draws.uniform(unique[chosen], draw=3))
            lat[chosen] = position(cell[:, 1], draws.uniform(unique[chosen], draw=4))
        return lon, lat

    def columns(self, address: ArrayLike) -> pl.DataFrame:
        """division (code), town, community, road, number, building, unit, room (names).

        A village has house numbers alone: building, unit and room are null there.
        """
        at, building, dwelling, village = self._block(address)
        declared = declaration("places")
        block = declared["block"]
        town = np.unique(np.array([code[:9] for code in self.communities]), return_inverse=True)[1]
        unique = at * 10**6 + building
        road = self._draws("road").choice(unique // 8, np.ones(len(declared["roads"])))
        per_unit = block["floors"] * block["rooms"]
        floor = dwelling % per_unit // block["rooms"] + 1
        room = dwelling % block["rooms"] + 1
        flats = ~village
        return pl.DataFrame(
            {
                "division": pick(self.divisions, self.division_of_community[at]),
                "town": pick([self._names[code] for code in self.towns], town[at]),
                "community": pick([self._names[code] for code in self.communities], at),
                "road": pick(declared["roads"], road),
                "number": joined(pl.Series(building + 1).cast(pl.String), "号"),
                "building": _counted(building % 40 + 1, "号楼", flats),
                "unit": _counted(dwelling // per_unit + 1, "单元", flats),
                "room": _counted(floor * 100 + room, "室", flats),
            }
        )

    def texts(self, address: ArrayLike) -> pl.Series:
        """The address as one line, from the province to the room."""
        parts = self.columns(address)
        names = self._names
        county = pick([names[c] for c in self.counties], self.county_of_community[
            self.community(address)
        ])  # fmt: skip
        fine = parts.select(
            pl.concat_str(["road", "number", "building", "unit", "room"], ignore_nulls=True)
        ).to_series()
        return joined("山东省淄博市", county, parts["town"], fine)


def _counted(value: Ints, word: str, known: NDArray[np.bool_]) -> pl.Series:
    return blank_unless(joined(pl.Series(value).cast(pl.String), word), known)
