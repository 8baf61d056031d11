"""What a rule says to an agency, for row rules and for those that no row mask holds.

Belongs here: the words for findings about rows without key, unreadable records, whole deliveries
and shared keys. Row rules bring their own words from the catalogue (`quality.rules.derive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from catalog.models.rules import Dimension
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

_OF_INCREMENTS = "；该批次为增量报送的，请告知大数据工作主管部门撤回，改正后整批重新报送"
"""What ends a finding without key: no later increment can tell that it means the same row."""

NOTED = (
    "delivery.dated_ahead",
    "delivery.distribution",
    "delivery.late",
    "delivery.missing_column",
    "delivery.null_rate",
    "delivery.repeated",
    "delivery.row_count",
    "delivery.unmapped_column",
)
"""Rules about a whole delivery that hold nothing up: their findings stand though it is applied."""

WRONG_HEADING = ".wrong_heading"
"""Ending of the rules `<column>.wrong_heading`, one a column."""

_KEY = RuleText(
    "key.", (), Dimension.COMPLETENESS, "error",
    "主键缺失或无法识别，该行已接收，未入标准库",
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

_Words = tuple[Dimension, Literal["error", "query"], str, str]
"""Dimension, severity, message, how to correct."""


def _refused(message: str, correction: str) -> _Words:
    return (
        Dimension.ACCESSIBILITY,
        "error",
        f"{message}，整批数据被退回，没有入库",
        f"{correction}后重新报送",
    )


_SPECIFIC: dict[str, _Words] = {
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
    "record.json": (
        Dimension.CONFORMITY,
        "error",
        "该条记录不是完整的 JSON 对象，未能入库",
        "检查该条记录的括号、引号和逗号",
    ),
    "record.nul": (
        Dimension.CONFORMITY,
        "error",
        "该行含有空字符（NUL），未能入库",
        "从业务系统重新导出，去掉不可见的控制字符",
    ),
    "record.too_long": (
        Dimension.CONFORMITY,
        "error",
        "该行过长，未能入库",
        "检查是否缺少换行或引号，使多行连成了一行",
    ),
    "record.unknown_operation": (
        Dimension.CONFORMITY,
        "error",
        "操作类型无法识别，该行未能入库",
        "操作类型填写新增、修改或删除",
    ),
    "delivery.too_many_removals": (
        Dimension.ACCURACY,
        "query",
        "本批全量数据将删除过多现有记录，暂缓入库",
        "核实文件是否完整：确属删除的，告知大数据工作主管部门放行；只报送部分数据的，注明为增量",
    ),
    "delivery.out_of_balance": (
        Dimension.ACCESSIBILITY,
        "query",
        "文件行数清点不平，暂缓入库，由平台核查",
        "暂不需要处理；如文件确有异常，请重新报送",
    ),
    "delivery.wrong_header": _refused("表头与目录登记的栏目不符", "按目录登记的栏名填写表头"),
    "delivery.empty": _refused("文件是空的", "检查导出是否成功"),
    "delivery.no_rows": _refused("文件只有表头，没有数据", "检查导出条件"),
    "delivery.encoding": _refused("文件编码无法识别", "另存为 UTF-8 或 GB18030 编码"),
    "delivery.format": _refused("文件格式无法识别", "改用 CSV、XLSX、XLS、JSON 或 Parquet 格式"),
    "delivery.truncated": _refused("文件不完整或已损坏", "重新导出并完整传送文件"),
    "delivery.too_long": _refused("文件中有过长的文字", "检查导出程序，使每个单元格只写一个值"),
    "delivery.encrypted": _refused("文件有密码保护", "取消密码"),
    "delivery.json": _refused("JSON 内容不完整或有语法错误", "重新导出完整的 JSON 文件"),
    "delivery.manifest": _refused("交付清单与文件不符", "核对清单中的行数、校验值和日期"),
    "delivery.file_gone": _refused("文件在接收前被移走", "确认文件放好后不再移动"),
    "delivery.unmapped_column": (
        Dimension.CONFORMITY,
        "query",
        "文件中有目录未登记的栏",
        "改用目录登记的栏名；确需新增的栏，先申请变更目录",
    ),
    "delivery.missing_column": (
        Dimension.COMPLETENESS,
        "query",
        "以前报送过的栏，本次文件中没有",
        "核实导出程序是否漏掉该栏：漏掉的，补齐后重新报送；不再采集的，书面说明",
    ),
    "delivery.late": (
        Dimension.TIMELINESS,
        "query",
        "没有按目录登记的更新周期报送",
        "按更新周期报送；周期确需调整的，申请变更目录；因故推迟的，书面说明原因",
    ),
    "delivery.dated_ahead": (
        Dimension.ACCURACY,
        "query",
        "文件名或清单所载的数据日期晚于收到之日",
        "核实日期：写错的，改正后重新报送；确为截止日期的，改填数据所截至的实际日期",
    ),
    "delivery.repeated": (
        Dimension.TIMELINESS,
        "query",
        "作为新数据报送的文件，内容与此前报送的完全相同",
        "核实是否误传了旧文件：误传的，重新报送本期数据；本期确无变化的，书面说明",
    ),
    "delivery.row_count": (
        Dimension.COMPLETENESS,
        "query",
        "本次报送的行数与本单位以往相差悬殊",
        "核实导出条件：有遗漏或多出的，更正后重新报送；确属实情的，书面说明",
    ),
    "delivery.null_rate": (
        Dimension.COMPLETENESS,
        "query",
        "该栏的空值比例与本单位以往相差悬殊",
        "核实该栏是否漏填或导出有误：有误的，更正后重新报送；确属实情的，书面说明",
    ),
    "delivery.distribution": (
        Dimension.ACCURACY,
        "query",
        "该栏的数值水平与本单位以往相差悬殊",
        "核实计量单位、统计口径是否改变：有误的，更正后重新报送；确属实情的，书面说明",
    ),
    "delivery.never": (
        Dimension.TIMELINESS,
        "error",
        "列入公共数据目录的数据集从未报送",
        "按目录登记的方式报送；依法不予汇聚的，申请变更目录并注明依据",
    ),
    "delivery.overdue": (
        Dimension.TIMELINESS,
        "error",
        "超过目录登记的更新周期，没有收到可以入库的数据",
        "尽快报送；周期确需调整的，申请变更目录",
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
        return RuleText(
            rule, (), dimension, severity, message, _INTAKE, _correction(rule, correction)
        )
    if rule.endswith(WRONG_HEADING):
        return RuleText(
            rule,
            (),
            Dimension.CONFORMITY,
            "query",
            "该栏的值像是另一栏的值，疑似表头错位",
            _INTAKE,
            "核对表头与各栏内容：错位的，改正表头后重新报送整批数据；没有错位的，书面说明",
        )
    for family in _FAMILIES:
        if rule.startswith(family.rule):
            return RuleText(
                rule,
                (),
                family.dimension,
                family.severity,
                family.message,
                family.standard,
                _correction(rule, family.how_to_correct),
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


def _correction(rule: str, text: str) -> str:
    return text + _OF_INCREMENTS if rule.startswith((_KEY.rule, _RECORD.rule)) else text
