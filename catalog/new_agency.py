"""A new agency's entry.

Belongs here: writing the file, once the entry is right.
"""

from __future__ import annotations

from pathlib import Path

from catalog.findings import CatalogError
from catalog.load import check_catalog
from catalog.models.agencies import Agency


def add_agency(root: Path, agency: Agency) -> Path:
    """Writes `agencies/<id>.yaml`; CatalogError, and no file, when the catalogue has faults in it.

    FileExistsError when the agency is there already.
    """
    path = root / "agencies" / f"{agency.id}.yaml"
    with path.open("x", encoding="utf-8") as file:
        file.write(_entry(agency))
    faults = [
        fault for fault in check_catalog(root) if fault.file == path.relative_to(root).as_posix()
    ]
    if faults:
        path.unlink()
        raise CatalogError(faults)
    return path


def _entry(agency: Agency) -> str:
    lines = [
        f"id: {agency.id}",
        f"name: {agency.name}",
        f"short_name: {agency.short_name}",
        f"type: {agency.type}",
        f"level: {agency.level}",
        f'division: "{agency.division}"',
        f"bureau: {agency.bureau}",
        *([f"parent: {agency.parent}"] if agency.parent else []),
        f"responsible_unit: {agency.responsible_unit}",
        "contacts:",
    ]
    for contact in agency.contacts:
        lines += [f"  - post: {contact.post}", f"    email: {contact.email}"]
    return "\n".join(lines) + "\n"
