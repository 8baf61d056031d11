"""Intake: from a delivered file to raw rows, rejects and an independent count.

Belongs here: reading files of every accepted format. Not here: the lake that stores the rows, the
delivery log, and any judgement of values.
"""

from warehouse.intake.fingerprint import fingerprint
from warehouse.intake.manifest import check_manifest, read_manifest
from warehouse.intake.model import (
    Fingerprint,
    Manifest,
    Received,
    StillWriting,
    Target,
    Unusable,
)
from warehouse.intake.receive import receive

__all__ = [
    "Fingerprint",
    "Manifest",
    "Received",
    "StillWriting",
    "Target",
    "Unusable",
    "check_manifest",
    "fingerprint",
    "read_manifest",
    "receive",
]
