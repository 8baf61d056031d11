"""What a rule says to an agency, for row rules and for those that no row mask holds.

Belongs here: the words for findings about rows without key, unreadable records, whole deliveries
and shared keys. Row rules bring their own words from the catalogue (`quality.rules.derive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog.models import Dimension
from quality.rules.model import Rule

TWO_DELIVERERS = "row.two_deliverers"
"""The same key is held by two deliverers of a dataset; a defect of both."""


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words: what is wrong, who asks for it, how to put it right."""

    rule: str
    columns: tuple[str, ...]
    dimension: Dimension
    severity: Literal["error", "query"]
    message: str
    standard: str
    how_to_correct: str
    example: str = ""


_INTAKE = "公共数据汇聚要求"

_KEY = RuleText(
    "key.", (), Dimension.COMPLETENESS, "error",
    "主键缺失或无法识别，该行未能入库",
    _INTAKE,
    "补全主键各栏后重新报送该行",
)  # fmt: skip
_RECORD = RuleText(
    "record.", (), Dimension.CONFORMITY, "error",
    "该行无法按文件格式读取，未能入库",
    _INTAKE,
    "按原文件行号检查分隔符、引号和换行，改正后重新报送该行",
)  # fmt: skip
_DELIVERY = RuleText(
    "delivery.", (), Dimension.ACCESSIBILITY, "error",
    "整批数据存在问题",
    _INTAKE,
    "按说明改正文件后重新报送",
)  # fmt: skip
_FAMILIES = (_KEY, _RECORD, _DELIVERY)

_SPECIFIC: dict[str, tuple[Dimension, Literal["error", "query"], str, str]] = {
    TWO_DELIVERERS: (
        Dimension.CONSISTENCY,
        "query",
        "同一主键由两个报送部门同时报送",
        "与另一报送部门核实该记录归属；不属于本部门的，报送删除；属于本部门的，书面说明",
    ),
    "record.ragged": (
        Dimension.CONFORMITY,
        "error",
        "该行的栏数与表头不一致，未能入库",
        "检查该行是否多出或缺少分隔符；内容本身含分隔符的，用双引号括起",
    ),
    "record.unclosed_quote": (
        Dimension.CONFORMITY,
        "error",
        "该行的双引号没有成对，未能入库",
        "补上缺少的双引号；内容中的双引号写成两个",
    ),
    "delivery.refused": (
        Dimension.ACCESSIBILITY,
        "error",
        "整批数据被退回，没有入库",
        "按退回原因改正文件后重新报送",
    ),
    "delivery.held": (
        Dimension.ACCESSIBILITY,
        "query",
        "整批数据暂缓入库，等待核实",
        "核实暂缓原因：数据无误的，告知大数据工作主管部门放行；有误的，改正后重新报送",
    ),
    "delivery.unmapped_column": (
        Dimension.CONFORMITY,
        "query",
        "文件中有目录未登记的栏",
        "改用目录登记的栏名；确需新增的栏，先申请变更目录",
    ),
}


def rule_texts(rules: Iterable[Rule]) -> Mapping[str, RuleText]:
    """The words of a dataset's row rules by rule id; `text_of` falls back for all others."""
    return {
        rule.id: RuleText(
            rule.id,
            rule.columns,
            rule.dimension,
            rule.severity,
            rule.message,
            rule.standard,
            rule.how_to_correct,
            rule.example,
        )
        for rule in rules
    }


def text_of(texts: Mapping[str, RuleText], rule: str) -> RuleText:
    """The words of any rule the ledger can hold, those of rules no longer in the catalogue too."""
    if rule in texts:
        return texts[rule]
    if rule in _SPECIFIC:
        dimension, severity, message, correction = _SPECIFIC[rule]
        return RuleText(rule, (), dimension, severity, message, _INTAKE, correction)
    for family in _FAMILIES:
        if rule.startswith(family.rule):
            return RuleText(
                rule,
                (),
                family.dimension,
                family.severity,
                family.message,
                family.standard,
                family.how_to_correct,
            )
    return RuleText(
        rule,
        (),
        Dimension.CONFORMITY,
        "error",
        "原规则已停用，问题按当时规则记录",
        "",
        "核实该值；如有疑问请联系大数据工作主管部门",
    )
