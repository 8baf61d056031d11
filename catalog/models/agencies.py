"""Agencies: the bodies that deliver data, and who answers for it.

Sources: 《淄博市公共数据管理办法》 articles 2, 5, 6, 55, 56.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from catalog.models.declared import ChineseText, Declared, Identifier, Retirement


class AgencyType(StrEnum):
    """Kinds of bodies under articles 2, 55 and 56."""

    STATE_ORGAN = "state_organ"
    AUTHORIZED_BODY = "authorized_body"
    PEOPLES_ORGANIZATION = "peoples_organization"
    UTILITY = "utility"
    ZONE = "zone"
    CENTRAL_OR_PROVINCIAL = "central_or_provincial"


class Contact(Declared):
    """Who answers for an agency's data (article 6): a post and its mailbox, no person's name."""

    post: ChineseText
    email: str
    active: bool = True


class Agency(Declared):
    """A 公共管理和服务机构: delivers data and owns its quality."""

    id: Identifier
    name: ChineseText
    short_name: ChineseText
    type: AgencyType
    level: Literal["city", "county", "zone"]
    division: str
    bureau: Identifier
    """The 大数据工作主管部门 of the agency's own level."""
    parent: Identifier | None = None
    """The agency of the same line one level up."""
    responsible_unit: ChineseText
    contacts: tuple[Contact, ...]
    retired: Retirement | None = None
