"""The report on one page, as Markdown: what to do first, and what is done.

Belongs here: the words of the digest. It never shows a value from a row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from quality.reports.model import (
    MODE_TEXTS,
    SEVERITY_TEXTS,
    STATE_TEXTS,
    Report,
    ReportedDelivery,
)
from quality.reports.texts import balance_text, due_text, scores_text, summary_text

_LINES = 15
"""Rows of each table; the workbook has them all."""


def write_digest(report: Report, path: Path) -> None:
    """Writes `digest.md`."""
    path.write_text(digest(report), encoding="utf-8")


def digest(report: Report) -> str:
    """The digest: tickets ordered by harm, then what was corrected, then what was delivered."""
    parts = [f"# {report.agency_name} 数据质量摘要（{report.date}）", summary_text(report)]
    if report.scores:
        parts.append(scores_text(report))
    parts += _open(report) + _finished(report) + _delivered(report)
    if report.divergences.total:
        parts.append(
            f"另有 {report.divergences.total:,} 个值与标准源不一致，"
            "列在工作簿的“与标准源不一致”中，请核对。"
        )
    parts.append(
        "逐行明细、更正示例和可填写的更正表见同一文件夹的 `quality-report.xlsx`。"
        f"认为规则有误的，请联系{report.bureau_name}。"
    )
    return "\n\n".join(parts) + "\n"


def _open(report: Report) -> list[str]:
    if not report.tickets:
        return []
    rows = [
        (
            row["ticket"],
            row["dataset_name"],
            row["message"],
            SEVERITY_TEXTS[row["severity"]],
            f"{row['open_count']:,}" + (f"（反复 {row['relapses']:,}）" if row["relapses"] else ""),
            due_text(row["due_on"], row["due_provisional"]),
        )
        for row in report.tickets[:_LINES]
    ]
    return [
        "## 待处理",
        _table(("工单", "数据集", "问题", "性质", "数量", "办理期限"), rows),
        *_rest(len(report.tickets), "张工单"),
    ]


def _finished(report: Report) -> list[str]:
    parts: list[str] = []
    for event, title in (("closed", "已更正并核验"), ("withdrawn", "已撤回")):
        found = [row for row in report.finished if row.event == event]
        if found:
            rows = [
                (row.ticket, row.dataset_name, row.message, f"{row.defects:,}", row.reason)
                for row in found[:_LINES]
            ]
            parts += [
                f"## {title}",
                _table(("工单", "数据集", "问题", "数量", "依据"), rows),
                *_rest(len(found), "项"),
            ]
    return parts


def _delivered(report: Report) -> list[str]:
    if not report.deliveries:
        return []
    return [
        "## 报送情况",
        "\n".join(f"- {_delivery(known)}" for known in report.deliveries[:_LINES]),
        *_rest(len(report.deliveries), "个批次"),
    ]


def _delivery(known: ReportedDelivery) -> str:
    counts = (
        f"：报送 {known.delivered:,} 行，接收 {known.accepted:,} 行，"
        f"未接收 {known.rejected:,} 行，{balance_text(known)}"
        if known.delivered is not None and known.accepted is not None and known.rejected is not None
        else ""
    )
    mode = MODE_TEXTS.get(known.mode or "", "")
    told = f"（{_safe(known.message)}）" if known.message else ""
    return (
        f"{known.delivery} {_safe(known.dataset_name)} {_code(known.file)} {mode} "
        f"{STATE_TEXTS.get(known.state, known.state)}{counts}{told}"
    )


def _rest(total: int, unit: str) -> list[str]:
    return [f"共 {total:,} {unit}，此处列出 {_LINES} {unit}。"] if total > _LINES else []


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_safe(cell) for cell in line) + " |" for line in lines)


def _code(text: str) -> str:
    """A file name as it is, to be read and copied; one with backticks as safe text."""
    return _safe(text) if "`" in text else f"`{' '.join(text.split())}`"


def _safe(text: str) -> str:
    """Text that can neither break a table nor be read as markup."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
