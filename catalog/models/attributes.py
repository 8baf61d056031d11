"""What the measures ask of every dataset: category, sharing, opening, update cycle, legal bases.

Belongs here: the shape of these attributes. Whether a dataset has all that an article asks for
stands in `catalog.checks`.

Sources: 《淄博市公共数据管理办法》 articles 10, 11, 13, 20, 21, 28, 29;
《政务信息资源目录编制指南》.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import ConfigDict, Field

from catalog.models.declared import ChineseText, Declared, Identifier, IsoDate


class LegalRank(StrEnum):
    """Rank of a legal basis: articles 11 and 13 accept local regulations, article 21 does not."""

    LAW = "law"
    ADMINISTRATIVE_REGULATION = "administrative_regulation"
    LOCAL_REGULATION = "local_regulation"
    RULE = "rule"
    STANDARD = "standard"


OF_LAW = frozenset({LegalRank.LAW, LegalRank.ADMINISTRATIVE_REGULATION})
"""Ranks that article 21 accepts for 不予共享."""

OF_LAW_OR_REGULATION = OF_LAW | {LegalRank.LOCAL_REGULATION}
"""Ranks that articles 11 and 13 accept."""


class LegalBasis(Declared):
    """A cited rule: title, rank and article."""

    title: ChineseText
    rank: LegalRank
    article: str


class Category(Declared):
    """类别: 类 / 项 / 目 of the 政务信息资源目录编制指南."""

    class_: ChineseText = Field(alias="class")
    item: ChineseText
    subject: ChineseText

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SharingType(StrEnum):
    """Article 20."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_SHARED = "not_shared"


class Sharing(Declared):
    """共享属性. Conditional: reason, basis, conditions; not shared: a law (articles 20, 21)."""

    type: SharingType
    reason: str = ""
    conditions: str = ""
    basis: tuple[LegalBasis, ...] = ()


class OpeningType(StrEnum):
    """Article 28."""

    UNCONDITIONAL = "unconditional"
    CONDITIONAL = "conditional"
    NOT_OPEN = "not_open"


class Tightening(Declared):
    """The bureau's review of an opening stricter than the one registered before (article 29)."""

    reviewed_by: ChineseText
    reviewed_on: IsoDate
    reason: ChineseText


class Opening(Declared):
    """开放属性 (article 28)."""

    type: OpeningType
    conditions: str = ""
    basis: tuple[LegalBasis, ...] = ()
    tightening: Tightening | None = None


class RepeatedCollection(Declared):
    """Columns collected although their standard source could share them, and the law or regulation
    that asks for it (article 11)."""

    columns: tuple[Identifier, ...] = Field(min_length=1)
    basis: tuple[LegalBasis, ...] = ()


class UpdateCycle(StrEnum):
    """更新周期."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERM = "term"
    YEARLY = "yearly"
