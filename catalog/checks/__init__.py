"""What must hold between catalogue entries.

Belongs here: the list of checks. Each module holds those of one subject; each check yields
findings and never raises. What two people would disagree on is no finding here.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.checks.admission import check_admission
from catalog.checks.agencies import check_agencies
from catalog.checks.attributes import check_attributes
from catalog.checks.base_tables import check_base_tables
from catalog.checks.code_lists import check_code_lists
from catalog.checks.columns import check_columns
from catalog.checks.elements import check_elements
from catalog.checks.layout import check_layout
from catalog.checks.register import check_register
from catalog.checks.sources import check_sources
from catalog.entries import Catalog
from catalog.findings import Finding, Sources

__all__ = ["check_codes", "check_entries"]


def check_entries(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Findings that need no code rows: cheap enough for every start."""
    for check in (
        check_agencies,
        check_elements,
        check_sources,
        check_admission,
        check_attributes,
        check_columns,
        check_layout,
        check_base_tables,
        check_register,
    ):
        yield from check(catalog, sources)


def check_codes(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Findings in the rows of the code tables, and in what refers to their codes."""
    return check_code_lists(catalog, sources)
