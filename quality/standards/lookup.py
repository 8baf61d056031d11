"""Looking things up in code tables: names, periods of validity, divisions.

Belongs here: what formats and rules ask of a code table's rows. Reading the rows stands in
`catalog.code_tables`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from catalog.models.code_tables import Code


def in_force(code: Code, day: str) -> bool:
    """Whether the code is valid on the day (ISO date)."""
    return (code.valid_from or "") <= day and (code.valid_to or "9999-12-31") >= day


def terms(codes: tuple[Code, ...]) -> dict[str, tuple[str, str]]:
    """Code → first and last day of its validity (ISO); of several periods, from the first to the
    last. A code without limits has 0000-00-00 and 9999-12-31."""
    found: dict[str, tuple[str, str]] = {}
    for code in codes:
        start, end = code.valid_from or "0000-00-00", code.valid_to or "9999-12-31"
        known = found.get(code.code, (start, end))
        found[code.code] = (min(start, known[0]), max(end, known[1]))
    return found


def names_to_codes(codes: tuple[Code, ...], day: str) -> dict[str, str]:
    """Name or alias → code.

    A name that several codes share means the one in force on the day; where that is not one alone,
    the name stays a name.
    """
    meanings: dict[str, set[str]] = {}
    current: dict[str, set[str]] = {}
    for code in codes:
        valid = in_force(code, day)
        for name in (code.name, *code.aliases):
            meanings.setdefault(name, set()).add(code.code)
            if valid:
                current.setdefault(name, set()).add(code.code)
    exact = {code.code for code in codes}
    found: dict[str, str] = {}
    for name, shared in meanings.items():
        distinct = shared if len(shared) == 1 else current.get(name, set())
        if len(distinct) == 1 and name not in exact:
            found[name] = next(iter(distinct))
    return found


@dataclass(frozen=True, slots=True)
class Divisions:
    """The divisions of GB/T 2260 with the end of their validity.

    `last_day[code]` is the last day of validity of a six-digit code as a number yyyymmdd,
    99991231 while in force, 0 where there never was such a code.
    """

    last_day: npt.NDArray[np.int32]

    @classmethod
    def of(cls, codes: tuple[Code, ...]) -> Divisions:
        """From the rows of the code table; a code listed for several periods counts to the last."""
        last_day = np.zeros(1_000_000, np.int32)
        for code in codes:
            if len(code.code) == 6 and code.code.isdecimal():
                end = int(code.valid_to.replace("-", "")) if code.valid_to else 9999_12_31
                last_day[int(code.code)] = max(last_day[int(code.code)], end)
        return cls(last_day)
