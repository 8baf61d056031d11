"""The rules as the analysts' file tells them.

Belongs here: `catalog.rules` and the view of it beside the defects. What a rule is stands in
`quality.rules` and `quality.between`.
"""

from __future__ import annotations

from catalog.entries import Catalog
from quality.between.model import rules_told
from warehouse.publish import PublishedColumn, PublishedTable, PublishedView, table_of_rows

_RULES = {
    "dataset": ("VARCHAR", "数据集"),
    "rule": ("VARCHAR", "规则"),
    "version": ("INTEGER", "规则版本"),
    "kind": ("VARCHAR", "规则类别"),
    "columns": ("VARCHAR[]", "涉及的列，第一列是应改正的"),
    "dimension": ("VARCHAR", "质量维度（GB/T 36344）"),
    "severity": ("VARCHAR", "error 错误，query 疑问"),
    "message": ("VARCHAR", "不合格时的说明"),
    "standard": ("VARCHAR", "依据的标准"),
    "how_to_correct": ("VARCHAR", "怎样改正"),
    "example": ("VARCHAR", "正确值示例"),
    "check": ("VARCHAR", "跨列规则的条件（合格的行使之成立）"),
}
_RULES_COMMENT = (
    "核验规则：行内的由数据元和数据集登记得出，kind 为 between 的与其他数据比对。"
    "一行一个数据集的一条规则。"
)


def rules_table(catalog: Catalog) -> PublishedTable:
    """`catalog.rules`: the row rules of every dataset."""
    return table_of_rows(
        "catalog",
        "rules",
        _RULES_COMMENT,
        _RULES,
        [
            (
                ref, rule.id, rule.version, rule.kind, list(rule.columns), rule.dimension.value,
                rule.severity, rule.message, rule.standard, rule.how_to_correct, rule.example,
                rule.check,
            )
            for ref in catalog.datasets
            for rule in rules_told(catalog, ref)
        ],
    )  # fmt: skip


def rules_view() -> PublishedView:
    """`quality.rules`: the same rules where an analyst of defects looks for them."""
    return PublishedView(
        "quality",
        "rules",
        _RULES_COMMENT,
        tuple(PublishedColumn(name, told) for name, (_, told) in _RULES.items()),
        "SELECT * FROM catalog.rules",
    )
