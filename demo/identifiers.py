"""Invented identifiers with right check digits.

Belongs here: making codes. Checking them stands in `quality.standards`, which shares no code with
this module, so that a mistake in one is seen by the other.

Sources: GB 32100-2015 (统一社会信用代码), GB 11714-1997 (组织机构代码), GS 15-2006
(工商注册号, whose check digit is ISO 7064 MOD 11,10).
"""

from __future__ import annotations

from typing import Final

USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANIZATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
INVENTED_SERIES: Final = "XX"
"""First two characters of every invented organisation code; no issued code begins with them."""


def organization_code(serial: int) -> str:
    """The nine characters of an invented organisation code; `serial` below one million."""
    body = f"{INVENTED_SERIES}{serial:06d}"
    return body + organization_check(body)


def organization_check(body: str) -> str:
    """Check character over the eight characters of an organisation code."""
    total = sum(
        int(char, 36) * weight for char, weight in zip(body, ORGANIZATION_WEIGHTS, strict=True)
    )
    check = 11 - total % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def uscc_of(organization: str, division: str, department: str = "91") -> str:
    """The 18 characters around an organisation code: department and category, division, check."""
    body = f"{department}{division}{organization}"
    return body + uscc_check(body)


def uscc_check(body: str) -> str:
    """Check character over the first 17 characters of a unified social credit code."""
    total = sum(
        USCC_ALPHABET.index(char) * weight for char, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return USCC_ALPHABET[(31 - total % 31) % 31]


def uscc(serial: int, division: str, department: str = "91") -> str:
    """An invented unified social credit code, right in both its check characters."""
    return uscc_of(organization_code(serial), division, department)


def registration_no(serial: int, division: str) -> str:
    """A 15-digit business registration number: division 6, serial 8 (from 90000000), check 1."""
    body = f"{division}{90_000_000 + serial:08d}"
    product = 10
    for digit in body:
        product = (product + int(digit)) % 10 or 10
        product = product * 2 % 11
    return body + str((11 - product) % 10)


def wrong_check(code: str) -> str:
    """The same code with another last character of the alphabet, so that its check fails."""
    return code[:-1] + USCC_ALPHABET[(USCC_ALPHABET.index(code[-1]) + 1) % len(USCC_ALPHABET)]
