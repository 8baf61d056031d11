"""Scores and the coverage of rules in the `quality` schema of the analysts' file.

Belongs here: their published form. Does not belong here: how they are counted (`quality.scores`,
`quality.rule_coverage`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from assets.published.quality import from_file
from catalog.entries import Catalog
from quality.rule_coverage import rule_coverage
from quality.scores.settings import settings
from warehouse.publish import PublishedColumn, PublishedTable, PublishedView, table_of_rows

_SQL = Path(__file__).parent / "sql"

_SCORES = {
    "no": "序号：每次重算依次加一，旧行不改",
    "at": "计入的最后一次变动的时间（北京时间）",
    "level": "层次：delivery 一次交付，dataset 一个报送机构的一个数据集，agency 一个报送机构",
    "subject": "交付编号、数据集或机构",
    "dataset": "数据集（见 catalog.datasets）；机构的为空",
    "agency": "报送机构（见 catalog.agencies）",
    "dimension": "质量维度（GB/T 36344）",
    "rules": "参与计分的规则数；疑问类规则不参与",
    "passed": "A：合格的单元格、行或交付数",
    "asked": "B：检查的单元格、行或交付数；为 0 表示没有检查，或不再计分",
    "score": "X = A / B，0 至 1；没有检查的为空",
    "catalog_version": "计算时的目录版本",
}
_SCORE_WORDS = {
    "word": ("VARCHAR", "《淄博市公共数据管理办法》第十六条的一项"),
    "dimension": ("VARCHAR", "计入该项的质量维度（GB/T 36344）"),
    "place": ("INTEGER", "次序，由 1 起"),
}
_SCORECARD = {
    "level": "层次：delivery 一次交付，dataset 一个数据集（各报送机构之和），agency 一个报送机构",
    "subject": "交付编号、数据集或机构",
    "kind": "dimension 质量维度，word 办法第十六条的一项",
    "measure": "维度或项的名称，如 accuracy、准确性",
    "passed": "A：合格数；word 为空",
    "asked": "B：检查数；word 为空",
    "score": "dimension 为 A / B；word 为所含各维度得分的平均；0 至 1",
    "at": "计入的最后一次变动的时间（北京时间）",
}
_RULE_COVERAGE = {
    "dataset": ("VARCHAR", "数据集（见 catalog.datasets）"),
    "agency": ("VARCHAR", "数据集所属机构（见 catalog.agencies）"),
    "column": ("VARCHAR", "列"),
    "element": ("VARCHAR", "数据元（见 catalog.elements）"),
    "asked": (
        "VARCHAR",
        "value 取值有规则，presence 只核验是否填写或重复，type 除类型和长度外没有规则",
    ),
    "kinds": ("VARCHAR[]", "除类型和长度外的规则类别；between 为跨数据集规则"),
    "reason": ("VARCHAR", "数据元注明的不设规则的理由；没有的为空"),
}


def score_tables(catalog: Catalog) -> list[PublishedTable]:
    """The history of scores, the words made of them, and what is asked of each column."""
    return [
        from_file(
            "scores",
            "质量得分的全部历史。一行一个对象的一个维度的一次计算；撤回误判后重算，前后两次都在。",
            _SCORES,
        ),
        table_of_rows(
            "quality",
            "score_words",
            "四项与六个维度的对应。一行一项的一个维度。",
            _SCORE_WORDS,
            [(*pair, place) for place, pair in enumerate(_word_dimensions(), start=1)],
        ),
        _rule_coverage(catalog),
    ]


def _word_dimensions() -> Iterator[tuple[str, str]]:
    for word, dimensions in settings().words.items():
        yield from ((word, str(dimension)) for dimension in dimensions)


def _rule_coverage(catalog: Catalog) -> PublishedTable:
    """`quality.rule_coverage`: what is asked of every column in use."""
    return table_of_rows(
        "quality",
        "rule_coverage",
        "规则覆盖：每一列除类型外受到哪些核验。一行一个数据集的一列。",
        _RULE_COVERAGE,
        [
            (
                each.dataset, each.agency, each.column, each.element, str(each.asked),
                list(each.kinds), each.reason or None,
            )
            for each in rule_coverage(catalog)
        ],
    )  # fmt: skip


def scorecard_view() -> PublishedView:
    """`quality.scorecard`: every subject's scores now, dimensions and words."""
    return PublishedView(
        "quality",
        "scorecard",
        "质量得分现状。一行一个对象的一个维度或一项；先机构，后数据集，再交付，"
        "机构按名称，数据集按所属机构名称和目录登记的次序。",
        tuple(PublishedColumn(name, told) for name, told in _SCORECARD.items()),
        (_SQL / "scorecard.sql").read_text(encoding="utf-8"),
    )
