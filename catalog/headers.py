"""When two headers are the same header.

Belongs here: the form in which headers are compared, shared by the catalogue's collision check and
by whoever maps a delivery's header to columns.
"""

from __future__ import annotations

import unicodedata

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normalise_header(text: str) -> str:
    """Full-width forms, blanks, invisible characters and letter case don't tell headers apart."""
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return "".join(plain.split()).casefold()
