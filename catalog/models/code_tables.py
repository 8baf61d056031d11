"""Code tables and their codes.

Belongs here: what a table declares, and the shape of a row. Reading the rows stands in
`catalog.code_tables`.
"""

from __future__ import annotations

from catalog.models.declared import ChineseText, Declared, Identifier, Retirement, Standard


class CodeTable(Declared):
    """A list of codes; its rows stand in `catalog/codes/<id>.csv`.

    Rows: code, name, and optionally aliases (`|` between), valid_from, valid_to (ISO dates, empty
    = open). A value delivered as the code's name or alias is normalised to the code.
    """

    id: Identifier
    name: ChineseText
    standard: Standard | None = None
    origin: ChineseText
    """Where the rows come from and how they were verified ([V], [F], [M])."""
    open: bool = False
    """True where the list is known to be incomplete: an unknown value is kept and is a query."""
    retired: Retirement | None = None


class Code(Declared):
    """One row of a code table."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    valid_from: str | None = None
    valid_to: str | None = None
