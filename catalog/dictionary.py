"""The data dictionary: the catalogue as one Markdown page in Chinese.

Belongs here: what the page says and in which order. `lakehouse catalog dictionary` writes it to
`docs/data-dictionary.md`; `make lint` fails when the page is not what the catalogue gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.models.code_tables import CodeTable
from catalog.models.datasets import Column, Dataset, FirstOf
from catalog.models.declared import Retirement
from catalog.models.elements import Element
from catalog.words import CYCLES, OPENING, SHARING

_MODES = {"snapshot": "全量", "increment": "增量"}
_TYPES = {
    "text": "文本",
    "code": "代码",
    "integer": "整数",
    "decimal": "数值",
    "date": "日期",
    "datetime": "日期时间",
    "boolean": "是否",
}
_HEAD = """# 数据字典

由目录（`catalog/`）生成，请勿手工修改；目录改动后运行 `lakehouse catalog dictionary` 重新生成。
"""


def dictionary(catalog: Catalog) -> str:
    """The whole page: datasets by agency, then data elements, then code tables."""
    return "\n".join(_lines(catalog)) + "\n"


def _lines(catalog: Catalog) -> Iterator[str]:
    yield _HEAD
    owners = [agency for agency in catalog.agencies if any(_owned(catalog, agency))]
    counts = (
        f"{len(owners)} 个数源单位、{len(catalog.datasets)} 个数据集、"
        f"{len(catalog.elements)} 个数据元、{len(catalog.code_tables)} 张代码表。"
    )
    yield from (counts, "")
    yield from _section("数据集", "单位", "数据集", "代码", "更新周期", "共享", "开放", "安全级别")
    for owner in owners:
        for dataset in _owned(catalog, owner):
            yield _row(
                catalog.agencies[owner].name, dataset.name, f"`{dataset.ref}`",
                CYCLES[dataset.update_cycle] if dataset.update_cycle else "",
                SHARING[dataset.sharing.type] if dataset.sharing else "",
                OPENING[dataset.opening.type] if dataset.opening else "",
                str(dataset.security_grade or ""),
            )  # fmt: skip
    yield ""
    for owner in owners:
        for dataset in _owned(catalog, owner):
            yield from _dataset(catalog, dataset)
    yield from _section(
        "数据元", "数据元", "名称", "含义", "类型", "标准", "要求", "标准源", "级别", "示例"
    )
    yield from (_element(element) for _, element in sorted(catalog.elements.items()))
    yield ""
    yield from _section("代码表", "代码表", "名称", "标准", "条数", "来源")
    yield from (_code_table(catalog, table) for _, table in sorted(catalog.code_tables.items()))


def _owned(catalog: Catalog, agency: str) -> Iterator[Dataset]:
    return (dataset for dataset in catalog.datasets.values() if dataset.agency == agency)


def _dataset(catalog: Catalog, dataset: Dataset) -> Iterator[str]:
    agency = catalog.agencies[dataset.agency]
    yield from (f"### {dataset.name} `{dataset.ref}`", "")
    yield from _retired(dataset.retired)
    keys = "＋".join(_key(dataset, part) for part in dataset.key)
    deliverers = "、".join(catalog.agencies[name].short_name for name in dataset.deliverers)
    yield (
        f"{dataset.description}。{agency.name}（{agency.responsible_unit}）负责，{deliverers}报送；"
        f"{_MODES[dataset.mode]}；主键：{keys}；"
        f"发布为 `{dataset.publication.database}.{dataset.publication.table}`。"
    )
    yield ""
    if dataset.usage_requirements:
        yield from (f"使用要求：{dataset.usage_requirements}。", "")
    if dataset.legal_basis:
        cited = "；".join(f"《{basis.title}》{basis.article}" for basis in dataset.legal_basis)
        yield from (f"依据：{cited}。", "")
    yield from _table("栏目", "列", "数据元", "必填", "类别", "级别", "其他表头")
    for column in dataset.columns:
        element = catalog.elements[column.element]
        yield _row(
            _named(column), f"`{column.id}`", element.id, "是" if column.required else "",
            element.data_class, str(column.grade or element.grade), "、".join(column.aliases),
        )  # fmt: skip
    yield ""
    if dataset.rules:
        yield from _table("跨栏规则", "条件", "性质")
        for rule in dataset.rules:
            kind = "错误" if rule.severity == "error" else "疑问"
            yield _row(rule.message, f"`{' '.join(rule.check.split())}`", kind)
        yield ""


def _key(dataset: Dataset, part: str | FirstOf) -> str:
    if isinstance(part, FirstOf):
        return "或".join(dataset.column(name).name for name in part.first_of)
    return dataset.column(part).name


def _named(column: Column) -> str:
    return f"{column.name}（{column.retired.on} 停用）" if column.retired else column.name


def _retired(retirement: Retirement | None) -> Iterator[str]:
    if retirement is not None:
        yield from (f"已于 {retirement.on} 停用：{retirement.reason}。", "")


def _element(element: Element) -> str:
    source = element.standard_source
    standard = element.standard
    return _row(
        f"`{element.id}`", element.name, element.definition,
        _TYPES[element.type] + (f"（{element.unit}）" if element.unit else ""),
        f"{standard.code} {standard.clause}".strip() if standard else "",
        _asked(element),
        f"`{source.dataset}.{source.column}`" if source else "各数据集",
        str(element.grade), element.example,
    )  # fmt: skip


def _asked(element: Element) -> str:
    """What a value must satisfy, in words."""
    asked = []
    if element.code_table:
        asked.append(f"代码表 {element.code_table}")
    if element.format:
        asked.append(f"格式 {element.format}")
    if element.pattern:
        asked.append(f"`{element.pattern}`")
    if element.minimum is not None or element.maximum is not None:
        low, high = (
            "" if limit is None else f"{limit:.15g}" for limit in (element.minimum, element.maximum)
        )
        asked.append(f"{low}～{high}")
    if element.earliest:
        asked.append(f"不早于 {element.earliest}")
    if element.max_length:
        asked.append(f"至多 {element.max_length} 字")
    if element.unchecked:
        asked.append(f"不设规则：{element.unchecked}")
    return "；".join(asked)


def _code_table(catalog: Catalog, table: CodeTable) -> str:
    return _row(
        f"`{table.id}`", table.name, table.standard.code if table.standard else "",
        str(len(catalog.codes(table.id))), table.origin,
    )  # fmt: skip


def _section(title: str, *heads: str) -> Iterator[str]:
    yield from (f"## {title}", "")
    yield from _table(*heads)


def _table(*heads: str) -> Iterator[str]:
    yield _row(*heads)
    yield _row(*("---" for _ in heads))


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
