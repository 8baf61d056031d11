"""Sentences that the workbook, the digest and the terminal share.

Belongs here: Chinese words made from a report's figures. Names of states and dimensions stand in
`quality.reports.model`.
"""

from __future__ import annotations

from quality.reports.model import DIMENSION_TEXTS, Report, ReportedDelivery, ReportedScore
from quality.scores.items import percent
from quality.scores.settings import settings


def summary_text(report: Report) -> str:
    """The report in one sentence."""
    errors, queries = report.open_defects("error"), report.open_defects("query")
    head = f"报告日期 {report.date}，由{report.bureau_name}出具。"
    if not report.tickets:
        return head + "目前没有待处理的问题，感谢配合。"
    due = [row["due_on"] for row in report.tickets if row["due_on"]]
    return (
        head
        + f"目前待处理问题 {errors + queries:,} 个，其中错误 {errors:,} 个（须更正）、"
        + f"疑问 {queries:,} 个（请核实，可更正，也可书面说明），涉及工单 {len(report.tickets)} 张"
        + (f"，最近的办理期限为 {min(due)}。" if due else "。")
    )


def scores_text(report: Report) -> str:
    """The four words in one sentence; empty where nothing was scored."""
    told = [
        f"{each.name} {percent(each.score)}{_change(each)}"
        for each in report.scores
        if each.kind == "word" and each.score is not None
    ]
    return f"质量得分：{'，'.join(told)}。" if told else ""


def trend_text(score: ReportedScore) -> str:
    """How a score stands to that of the report before, in percentage points; empty without one."""
    if score.score is None or score.previous is None:
        return ""
    points = 100 * (score.score - score.previous)
    if abs(points) < 0.005:
        return "持平"
    return f"{'上升' if points > 0 else '下降'} {abs(points):.2f} 个百分点"


def _change(score: ReportedScore) -> str:
    trend = trend_text(score)
    return f"（比上次{trend}）" if trend and trend != "持平" else ""


def balance_text(known: ReportedDelivery) -> str:
    """Whether the rows delivered are those accepted and rejected."""
    if known.balanced is None:
        return ""
    return "平衡（报送＝接收＋未接收）" if known.balanced else "不平衡"


def due_text(due_on: object, provisional: bool | None) -> str:
    """A due date; one in a year whose holidays are not announced yet says that it may move."""
    if due_on is None:
        return ""
    return f"{due_on}（暂定）" if provisional else str(due_on)


def value_text(kind: str, value: str | None) -> str:
    """What was found; a blank says so where a value was looked for."""
    if value is None or not value.strip():
        return "（空）" if kind == "row" else ""
    return value


def _words_text() -> str:
    """How the four words follow from the dimensions."""
    told = [
        f"{word}取{'、'.join(DIMENSION_TEXTS[each] for each in dimensions)}"
        + ("的平均" if len(dimensions) > 1 else "")
        for word, dimensions in settings().words.items()
    ]
    return f"办法第十六条的四项：{'，'.join(told)}。"


def explanations(report: Report) -> tuple[tuple[str, str], ...]:
    """The last sheet's words: what the terms mean and what to do."""
    return (
        ("错误", "必须更正的问题。更正后再次报送，系统核验通过即自动办结。"),
        ("疑问", "看起来异常的值。确有错误的请更正；确认无误的，书面说明情况。"),
        (
            "工单",
            "同一数据集、同一规则的问题合为一张工单，编号不变；更正后又出现的，工单重新打开并计入“反复”。",
        ),
        (
            "办结依据",
            "只有在之后的报送中看到同一主键的值通过校验，或者该行已删除，问题才算办结。"
            "增量报送中没有出现的行不算办结。",
        ),
        (
            "更正表",
            "列出了有问题的行，标色的格需要更正，批注写明原因和原文件行号。改好后可以直接报送"
            "同一文件夹中的 correction-*.xlsx（连同旁边的 .manifest.json，其中注明为增量报送），"
            "也可以在业务系统中更正后重新报送全量数据。删除整行请把“操作类型”改为“删除”。"
            "需要更正主键的，前面已备好一行“删除”，用来删去原主键下的记录，请一并报送。",
        ),
        (
            "与标准源不一致",
            "同一事实只有一个标准源，基础库取其值（第十八条）。贵单位的值与之不同的，单独列出，"
            "不计为问题，请核对哪一方有误。",
        ),
        ("灰色的格", "敏感栏目不预填，请按原文件的行号补填后再报送，不要留空。"),
        ("办理期限", "按工作日计算，收到当日不计入；标“暂定”的，待放假安排公布后可能调整。"),
        ("脱敏", "安全级别 3 级及以上的栏目只显示部分内容，请按文件行号在原文件中查看。"),
        (
            "质量得分",
            "按 GB/T 36344 的六个维度计算，得分＝合格数÷检查数，"
            "反映报告时全部现有数据和未了结的错误。"
            "一个单元格在一个维度只计一次；疑问不扣分；因规则有误而撤回的，重新计算。"
            "除整批的问题外，各维度不合格数之和就是待处理的错误数。"
            + _words_text()
            + "得分只舍不入，100.00% 表示全部合格。",
        ),
        ("认为规则有误", f"请联系{report.bureau_name}，规则有误的由其撤回认定并出具更正说明。"),
    )
