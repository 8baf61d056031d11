"""The registry of the standards library: format id → how it is read and checked.

Belongs here: which formats exist and which one an element has when it names none. What a format
does stands in its family's module. How a reading looks: `quality.standards.reading`.
"""

from __future__ import annotations

from collections.abc import Mapping

from catalog.models.elements import Element, ElementType
from quality.standards.code_lists import CODE_LIST
from quality.standards.codes import BOOLEAN, CODE
from quality.standards.dates import DATE, DATETIME
from quality.standards.documents import DOCUMENT_NO, SUBJECT_NO
from quality.standards.identifiers import ORGANIZATION_CODE, REGISTRATION_NO, USCC
from quality.standards.identity_number import ID_NO
from quality.standards.money import MONEY
from quality.standards.numbers import NUMBER, PERCENT, RATIO
from quality.standards.objects import CAS_NO, ICD10, PLATE_NO, REAL_ESTATE_UNIT_NO
from quality.standards.periods import PERIOD
from quality.standards.permits import DISCHARGE_PERMIT_NO, FOOD_LICENSE_NO, LICENSE_IDENTIFIER
from quality.standards.reading import Format
from quality.standards.text import ENTITY_NAME, PERSON, PHONE, TEXT

FORMATS: Mapping[str, Format] = {
    entry.id: entry
    for entry in (
        USCC, ORGANIZATION_CODE, REGISTRATION_NO, ID_NO, PERSON, ENTITY_NAME, PHONE, TEXT,
        MONEY, NUMBER, PERCENT, RATIO, DATE, DATETIME, CODE, BOOLEAN,
        DOCUMENT_NO, SUBJECT_NO, FOOD_LICENSE_NO, LICENSE_IDENTIFIER, DISCHARGE_PERMIT_NO,
        CAS_NO, REAL_ESTATE_UNIT_NO, ICD10, PLATE_NO, PERIOD, CODE_LIST,
    )
}  # fmt: skip

OF_TYPE: Mapping[ElementType, Format] = {
    ElementType.TEXT: TEXT,
    ElementType.CODE: CODE,
    ElementType.INTEGER: NUMBER,
    ElementType.DECIMAL: NUMBER,
    ElementType.DATE: DATE,
    ElementType.DATETIME: DATETIME,
    ElementType.BOOLEAN: BOOLEAN,
}
"""The format of an element that names none."""


def format_of(element: Element) -> Format:
    """The format of an element. Raises KeyError for a name not in `FORMATS`."""
    if element.format is None:
        # A text element with a code table is read by names as well as by codes.
        return CODE if element.code_table else OF_TYPE[element.type]
    return FORMATS[element.format]
