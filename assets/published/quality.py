"""The `quality` schema of the analysts' file.

Belongs here: deliveries, open defects, tickets, verdicts, normalisations and profiles as published
tables. Does not belong here: how they come about (`quality`, `assets.intake`), the rules
(`assets.published.rules`), scores and the coverage of rules (`assets.published.scores`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from catalog.entries import Catalog
from catalog.models.datasets import Dataset, FirstOf
from quality.between.telling import rules_open_to
from quality.profiles import columns_without_top
from quality.tickets import tickets
from warehouse.publish import PublishedColumn, PublishedTable, table_of_rows
from warehouse.publish.datasets import leaving, published_keys
from warehouse.publish.masking import column_protection, masked_columns, strictest

_SQL = Path(__file__).parent / "sql"

_DELIVERIES = {
    "delivery": "交付编号",
    "state": "状态：received 处理中，applied 已入库，held 暂扣，refused 退回，duplicate 重复，"
    "withdrawn 已撤回",
    "dataset": "数据集（见 catalog.datasets）",
    "agency": "报送机构（见 catalog.agencies）",
    "file": "文件名",
    "mode": "交付方式：snapshot 全量，increment 增量",
    "format": "文件格式",
    "encoding": "字符编码",
    "sheet": "工作表",
    "shape": "表头样式",
    "as_of": "数据时点；交付没有说明的为空",
    "received_at": "首次见到文件的时间（北京时间）",
    "decided_at": "处理完成的时间（北京时间）",
    "counted": "文件中的记录数，独立于读取程序计数",
    "accepted": "读出的记录数",
    "rejected": "无法读取的记录数",
    "balanced": "收支是否平衡：记录数等于读出与无法读取之和",
    "upserted": "带来新值或变更的行数",
    "unchanged": "与现有数据相同的行数",
    "duplicated": "同一交付内主键重复而被后行取代的行数",
    "quarantined": "主键缺失而未能入库的行数",
    "deleted": "声明删除的行数",
    "removed": "因声明或因不在全量交付之中而删除的主键数",
    "message": "处理说明",
}
_DEFECTS = {
    "defect": "问题编号：同一问题在各次交付中编号不变",
    "ticket": "所属工单（见 quality.tickets）",
    "dataset": "数据集（见 catalog.datasets）",
    "agency": "报送机构（见 catalog.agencies）",
    "rule": "规则（见 quality.rules）",
    "kind": "类别：row 行内，between 与其他数据比对，shared_key 两家报送同一主键，"
    "quarantine 无主键，reject 无法读取，delivery 整批，column 整栏，absence 未报送",
    "key": "记录主键，各部分以“ / ”相连，按安全级别脱敏",
    "column": "应改正的列；不属于某一列的为空",
    "value": "报送的原值，按安全级别脱敏，夹带的证件号码和手机号隐去",
    "detail": "最近一次比对的依据：与什么比对、差在哪里；应改正的列或者所依据的列须脱敏的不显示",
    "delivery": "首次发现或再次出现的交付",
    "row": "在该次交付的文件中是第几条记录",
    "line": "在文件中的行号",
    "opened_at": "发现时间（北京时间）",
}
_VERDICTS = {
    "delivery": "交付编号",
    "dataset": "数据集",
    "rule": "规则（见 quality.rules）",
    "mask_count": "入库检查得出的不合格行数",
    "expectation_count": "独立复核得出的不合格行数",
    "agrees": "两种计数是否一致",
    "catalog_version": "据以检查的数据集定义的版本；规则调整后重新检查的，前后各有一行",
}
_NORMALISATIONS = {
    "delivery": "交付编号",
    "dataset": "数据集",
    "column": "列",
    "kind": "规范化方式，如 fullwidth 全角转半角、blanks 去多余空白",
    "rows": "值因此改变的行数",
}
_PROFILES = {
    "delivery": "交付编号",
    "dataset": "数据集（见 catalog.datasets）",
    "agency": "报送机构（见 catalog.agencies）",
    "column": "列",
    "delivered": "文件中是否有这一列",
    "rows": "行数，不含只声明删除的行",
    "nulls": "没有标准值的行数：未填、空白或无法识别",
    "null_rate": "空值比例：nulls / rows",
    "minimum": "最小值；只有数值、日期和时间有，脱敏的列不显示",
    "maximum": "最大值；同上",
    "sampled": "样本行数：以下各项按样本计算，小文件的样本是全部行",
    "shortest": "报送原文的最短长度（字符），空白不计",
    "longest": "报送原文的最大长度（字符）",
    "patterns": "报送原文最常见的形态及行数：9 数字，汉 汉字，A 其他字母，其余字符照原样",
    "distinct": "样本中不同标准值的个数",
    "p05": "5% 分位数；只有数值、日期和时间有，脱敏的列不显示",
    "p25": "25% 分位数",
    "p50": "中位数",
    "p75": "75% 分位数",
    "p95": "95% 分位数",
    "top": "最常见的标准值及行数，至少出现两次；脱敏的列、姓名和地址等不显示",
    "previous_delivery": "同一报送机构同一表头样式的上一次交付",
    "previous_rows": "上一次交付的行数",
    "previous_nulls": "上一次交付的空值行数",
    "previous_distinct": "上一次交付样本中不同值的个数",
}
_TICKETS = {
    "ticket": ("VARCHAR", "工单编号"),
    "state": ("VARCHAR", "状态：open 未了结，closed 已了结"),
    "severity": ("VARCHAR", "error 错误，须改正；query 疑问，可改正或说明"),
    "dimension": ("VARCHAR", "质量维度（GB/T 36344）"),
    "dataset": ("VARCHAR", "数据集"),
    "dataset_name": ("VARCHAR", "数据集名称"),
    "agency": ("VARCHAR", "报送机构"),
    "agency_name": ("VARCHAR", "报送机构名称"),
    "rule": ("VARCHAR", "规则"),
    "kind": ("VARCHAR", "问题类别"),
    "column": ("VARCHAR", "应改正的列；涉及多列的为空文本"),
    "column_name": ("VARCHAR", "应改正的列的中文名"),
    "message": ("VARCHAR", "问题说明"),
    "standard": ("VARCHAR", "依据的标准"),
    "how_to_correct": ("VARCHAR", "怎样改正"),
    "open_count": ("BIGINT", "未了结的问题数"),
    "closed_count": ("BIGINT", "经交付证明已改正的问题数"),
    "withdrawn_count": ("BIGINT", "因误判撤回的问题数"),
    "relapses": ("BIGINT", "改正后再次出现的次数"),
    "opened_at": ("TIMESTAMP", "首次发现时间（北京时间）"),
    "open_since": ("TIMESTAMP", "现存最早的问题始于何时；已了结的为空"),
    "changed_at": ("TIMESTAMP", "最近变动时间"),
    "due_on": ("DATE", "办理期限（含当日）；已了结的为空"),
    "due_provisional": ("BOOLEAN", "期限所在年度的放假安排尚未公布，届时重算"),
    "proof_delivery": ("VARCHAR", "证明最近一个问题已改正的交付"),
    "harms": ("VARCHAR", "受影响的已发布表"),
}


def quality_tables(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, today: date
) -> list[PublishedTable]:
    """All tables of the schema as of a day; `con` has the engine's names."""
    return [
        from_file("deliveries", "交付及其收支平衡。一行一次交付。", _DELIVERIES),
        while_in_publication(catalog, _defects(catalog), today),
        _tickets(con, catalog),
        from_file(
            "verdicts", "入库检查与独立复核的计数。一行一次交付的一条规则的一次检查。", _VERDICTS
        ),
        from_file(
            "normalisations",
            "规范化改变了多少值。一行一次交付的一列的一种方式。",
            _NORMALISATIONS,
        ),
        _profiles(catalog),
    ]


def from_file(
    name: str,
    comment: str,
    columns: Mapping[str, str],
    parameters: Mapping[str, object] | None = None,
) -> PublishedTable:
    """A table of the schema, filled by `sql/<name>.sql`."""
    return PublishedTable(
        "quality",
        name,
        comment,
        tuple(PublishedColumn(column, told) for column, told in columns.items()),
        (_SQL / f"{name}.sql").read_text(encoding="utf-8"),
        parameters or {},
    )


def while_in_publication(catalog: Catalog, table: PublishedTable, today: date) -> PublishedTable:
    """The table, its query given `published_keys` (dataset, key), the rows of the datasets
    `$leaving` that have not left publication by `today`."""
    return replace(
        table,
        query=f"WITH published_keys AS ({published_keys(catalog)}) FROM (\n{table.query}\n)",
        parameters={**table.parameters, "leaving": leaving(catalog), "today": today},
    )


def _ways_of_columns(catalog: Catalog) -> list[tuple[str, str, str]]:
    """Dataset, column and mask of every column that is published."""
    return [
        (dataset.ref, column.id, column_protection(catalog, dataset, column.id).way)
        for dataset in catalog.datasets.values()
        if dataset.reviewed
        for column in dataset.columns
    ]


def _profiles(catalog: Catalog) -> PublishedTable:
    of_columns = _ways_of_columns(catalog)
    without_top = {
        (ref, column)
        for ref, dataset in catalog.datasets.items()
        for column in columns_without_top(catalog, dataset)
    }
    # A profile stays when the delivery's rows have left publication: of those, codes alone say
    # nothing of any row, while a firm's own code may be among the most frequent values.
    without_top |= {
        (ref, column.id)
        for ref in leaving(catalog)
        for column in catalog.datasets[ref].columns
        if catalog.element_of(ref, column.id).code_table is None
    }
    return from_file(
        "profiles",
        "数据探查：每次交付的每一列有多少空值、多长、什么形态、什么范围，与上一次交付对照。"
        "一行一次已入库的交付的一列。",
        _PROFILES,
        {
            "datasets": [ref for ref, _, _ in of_columns],
            "columns": [column for _, column, _ in of_columns],
            "ways": [way for _, _, way in of_columns],
            "tops": [(ref, column) not in without_top for ref, column, _ in of_columns],
        },
    )


def _defects(catalog: Catalog) -> PublishedTable:
    known = [dataset for dataset in catalog.datasets.values() if dataset.reviewed]
    of_columns = _ways_of_columns(catalog)
    of_keys = [(dataset.ref, *key_ways(catalog, dataset)) for dataset in known]
    return from_file(
        "defects",
        "未了结的问题，键和值已按安全级别脱敏。一行一个问题。",
        _DEFECTS,
        {
            "datasets": [ref for ref, _, _ in of_columns],
            "columns": [column for _, column, _ in of_columns],
            "ways": [way for _, _, way in of_columns],
            "key_datasets": [ref for ref, _, _ in of_keys],
            "key_ways": [ways for _, ways, _ in of_keys],
            "key_strictest": [way for _, _, way in of_keys],
            "other_ways": [
                "hidden" if masked_columns(catalog, dataset) else "none" for dataset in known
            ],
            "open_rules": sorted(rules_open_to(catalog, None)),
        },
    )


def key_ways(catalog: Catalog, dataset: Dataset) -> tuple[list[str], str]:
    """How each key part is masked, and the strictest of them."""
    parts = [
        strictest(
            *(
                column_protection(catalog, dataset, column)
                for column in (part.first_of if isinstance(part, FirstOf) else (part,))
            )
        )
        for part in dataset.key
    ]
    return [part.way for part in parts], strictest(*parts).way


def _tickets(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "quality",
        "tickets",
        "工单：一个报送机构的一个数据集违反一条规则的全部问题。一行一张工单。",
        _TICKETS,
        tickets(con, catalog).select(list(_TICKETS)).rows(),
    )
