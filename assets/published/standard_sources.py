"""The standard-source catalogue (标准源目录) in the analysts' file.

Belongs here: its published form. Does not belong here: how entries are judged (`quality.sources`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from catalog.entries import Catalog
from quality.sources.admission import CONDITIONS, STATES, State
from quality.sources.entries import Entry, entries
from quality.sources.table import Column, Line
from warehouse.publish import PublishedTable, table_of_rows

_COLUMNS = {
    "element": ("VARCHAR", "数据元（见 catalog.elements）"),
    "element_name": ("VARCHAR", "数据元名称"),
    "agency": ("VARCHAR", "数据责任单位（见 catalog.agencies）"),
    "dataset": ("VARCHAR", "标准源数据集（见 catalog.datasets）"),
    "column": ("VARCHAR", "标准源的列"),
    "standard": ("VARCHAR", "所依据的标准；没有的为空"),
    "state": (
        "VARCHAR",
        "状态：" + "，".join(f"{state} {name}" for state, name in STATES.items())
        + "；尚未测得质量的为暂定",
    ),
    "failing": (
        "VARCHAR[]",
        "未符合的条件：" + "，".join(f"{each} {name}" for each, name in CONDITIONS.items()),
    ),
    "reasons": ("VARCHAR[]", "未符合的具体情况"),
    "proposes_suspension": (
        "BOOLEAN",
        "建议暂停：已认可而现未符合条件；是否暂停由大数据工作主管部门决定",
    ),
    "suspended_by": ("VARCHAR", "暂停人；未暂停的为空"),
    "suspended_on": ("DATE", "暂停日期"),
    "suspension_reason": ("VARCHAR", "暂停原因"),
    "rows": ("BIGINT", "现有行数；以下各项未测的为空"),
    "filled": ("BIGINT", "有值的行数，含无法识别的值"),
    "valid": ("BIGINT", "没有未了结错误的值数"),
    "filled_share": ("DOUBLE", "填写率：filled / rows，0 至 1"),
    "valid_share": ("DOUBLE", "正确率：valid / filled，0 至 1"),
    "compared": ("BIGINT", "在基础库中与其他来源比对过的值数"),
    "differing": ("BIGINT", "其中不一致的值数（见 quality.divergences）"),
    "delivered_on": ("DATE", "最近一次交付的日期"),
    "used_in": ("VARCHAR[]", "取用该数据元的基础库列（库.表.列）"),
    "fallback": (
        "VARCHAR[]",
        "取值次序，与 used_in 逐项对应：前者无值时取后者，以 → 相连；暂停的不在其中",
    ),
}  # fmt: skip


def standard_sources_table(
    catalog: Catalog, lines: Mapping[Column, Line], day: date
) -> PublishedTable:
    """`catalog.standard_sources`: each element's entry, judged as of a day."""
    return table_of_rows(
        "catalog",
        "standard_sources",
        "标准源目录：每个数据元的标准源及其认可状态（《管理办法》第十八条）。一行一个数据元。",
        _COLUMNS,
        [_row(entry) for entry in entries(catalog, lines, day)],
    )


def _row(entry: Entry) -> tuple[object, ...]:
    element, measure, judgement = entry.element, entry.measure, entry.judgement
    rests = judgement.suspension if judgement.state is State.SUSPENDED else None
    return (
        element.id,
        element.name,
        entry.dataset.agency,
        entry.source.dataset,
        entry.source.column,
        element.standard.code if element.standard else None,
        str(judgement.state),
        list(judgement.failing),
        [each.reason for each in judgement.shortcomings],
        judgement.proposes_suspension,
        *((rests.by, rests.on, rests.reason) if rests else (None, None, None)),
        *(
            (measure.rows, measure.filled, measure.valid, measure.filled_share,
             measure.valid_share, measure.compared, measure.differing, measure.delivered_on)
            if measure else (None,) * 8
        ),
        [use.place for use in entry.uses],
        [" → ".join(use.order) for use in entry.uses],
    )  # fmt: skip
