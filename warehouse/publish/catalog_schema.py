"""The `catalog` schema of a published file: the catalogue as tables.

Belongs here: agencies, datasets, columns, elements, code tables, codes and the lineage of published
columns. Does not belong here: what `quality` derives from the catalogue (`assets.published` adds
`catalog.rules` and `catalog.standard_sources`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from catalog.models.elements import Element
from warehouse.publish.masking import protection_of
from warehouse.publish.model import SCHEMAS, PublishedTable, PublishedView, table_of_rows

_TEXT, _INTEGER, _FLAG = "VARCHAR", "INTEGER", "BOOLEAN"


def catalog_tables(catalog: Catalog) -> tuple[PublishedTable, ...]:
    """The catalogue's entries, reviewed or not: only the rows of a dataset wait for review."""
    return (
        _databases(),
        _agencies(catalog),
        _datasets(catalog),
        _columns(catalog),
        _elements(catalog),
        _code_tables(catalog),
        _codes(catalog),
    )


def lineage_table(
    entries: Sequence[PublishedTable | PublishedView],
    computed: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
) -> PublishedTable:
    """`catalog.lineage`: one row for each published column and each catalogued column behind it.

    `computed`: table and column → datasets and columns that it is worked out from, beside those
    whose values it shows.
    """
    rows: list[tuple[str, str, str, str, int | None]] = []
    for entry in entries:
        table = f"{entry.schema}.{entry.name}"
        for column in entry.columns:
            shown = [(dataset, name) for dataset, _, name in (
                source.partition(".") for source in column.sources
            )]  # fmt: skip
            rows += (
                (table, column.name, *source, place) for place, source in enumerate(shown, start=1)
            )
            rows += (
                (table, column.name, *source, None)
                for source in computed.get((table, column.name), ())
                if source not in shown
            )
    return table_of_rows(
        "catalog",
        "lineage",
        "血缘：本文件的每一列来自哪些数据集的哪些列。一行一个来源。",
        {
            "published_table": (_TEXT, "本文件中的表（库.表）"),
            "published_column": (_TEXT, "本文件中的列"),
            "dataset": (_TEXT, "来源数据集（见 catalog.datasets）"),
            "dataset_column": (_TEXT, "来源列（见 catalog.columns）；* 为只取行数"),
            "place": (_INTEGER, "取值次序：1 为首选，前者无值时取后者；参与推算而不直接取值的为空"),
        },
        rows,
    )


def _databases() -> PublishedTable:
    return table_of_rows(
        "catalog",
        "databases",
        "本文件中的库：六个基础库、七个主题库、质量与目录。一行一个库。",
        {"database": (_TEXT, "库名"), "name": (_TEXT, "中文名称")},
        list(SCHEMAS.items()),
    )


def _agencies(catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "agencies",
        "公共管理和服务机构。一行一个机构。",
        {
            "agency": (_TEXT, "机构代码"),
            "name": (_TEXT, "机构全称"),
            "short_name": (_TEXT, "机构简称"),
            "type": (_TEXT, "机构类型"),
            "level": (_TEXT, "层级：city 市级，county 区县，zone 功能区"),
            "division": (_TEXT, "行政区划代码"),
            "bureau": (_TEXT, "本级大数据工作主管部门（机构代码）"),
            "parent": (_TEXT, "同一系统的上级机构（机构代码）"),
            "responsible_unit": (_TEXT, "负责数据工作的内设机构"),
        },
        [
            (
                agency.id, agency.name, agency.short_name, agency.type.value, agency.level,
                agency.division, agency.bureau, agency.parent, agency.responsible_unit,
            )
            for agency in catalog.agencies.values()
        ],
    )  # fmt: skip


def _datasets(catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "datasets",
        "数据集目录及其属性（《管理办法》第十条）。一行一个数据集。",
        {
            "dataset": (_TEXT, "数据集代码：机构/数据集"),
            "agency": (_TEXT, "数源机构（机构代码）"),
            "name": (_TEXT, "数据集名称"),
            "description": (_TEXT, "摘要"),
            "formats": (_TEXT, "格式"),
            "category": (_TEXT, "类别：类/项/目"),
            "sharing": (_TEXT, "共享属性：unconditional 无条件，conditional 有条件，not_shared 否"),
            "sharing_conditions": (_TEXT, "共享条件"),
            "opening": (_TEXT, "开放属性：unconditional 无条件，conditional 有条件，not_open 否"),
            "opening_conditions": (_TEXT, "开放条件"),
            "security_grade": (_INTEGER, "安全级别，1 至 4 级"),
            "usage_requirements": (_TEXT, "使用要求"),
            "update_cycle": (_TEXT, "更新周期"),
            "mode": (_TEXT, "交付方式：snapshot 全量，increment 增量"),
            "deliverers": ("VARCHAR[]", "报送机构（机构代码）"),
            "reviewed": (_FLAG, "目录是否已经审核；未经审核的不发布数据"),
            "published_as": (_TEXT, "发布在本文件的哪张表；未审核的为空"),
            "catalog_version": (_TEXT, "本数据集登记内容的版本（摘要）"),
            "place": (_INTEGER, "在目录中的次序，由 1 起"),
        },
        [(*_attributes(dataset), catalog.dataset_version(dataset.ref), place)
         for place, dataset in enumerate(catalog.datasets.values(), start=1)],
    )  # fmt: skip


def _attributes(dataset: Dataset) -> tuple[object, ...]:
    category, sharing, opening = dataset.category, dataset.sharing, dataset.opening
    return (
        dataset.ref,
        dataset.agency,
        dataset.name,
        dataset.description,
        "、".join(dataset.format or ()) or None,
        "/".join((category.class_, category.item, category.subject)) if category else None,
        sharing.type.value if sharing else None,
        (sharing.conditions or None) if sharing else None,
        opening.type.value if opening else None,
        (opening.conditions or None) if opening else None,
        dataset.security_grade,
        dataset.usage_requirements,
        dataset.update_cycle.value if dataset.update_cycle else None,
        dataset.mode,
        list(dataset.deliverers),
        dataset.reviewed,
        _published_as(dataset),
    )


def _published_as(dataset: Dataset) -> str | None:
    if not dataset.reviewed:
        return None
    return f"{dataset.publication.database}.{dataset.publication.table}"


def _columns(catalog: Catalog) -> PublishedTable:
    rows = []
    for dataset in catalog.datasets.values():
        for place, column in enumerate(dataset.columns, start=1):
            element = catalog.elements[column.element]
            protection = protection_of(element, column)
            rows.append(
                (
                    dataset.ref, place, column.id, column.name, element.id,
                    column.description or None, list(column.aliases), column.required,
                    protection.grade, protection.way,
                )
            )  # fmt: skip
    return table_of_rows(
        "catalog",
        "columns",
        "数据集的信息项。一行一列。",
        {
            "dataset": (_TEXT, "数据集代码"),
            "place": (_INTEGER, "第几列，由 1 起"),
            "column": (_TEXT, "列名"),
            "name": (_TEXT, "中文名称"),
            "element": (_TEXT, "数据元（见 catalog.elements）"),
            "description": (_TEXT, "说明"),
            "aliases": ("VARCHAR[]", "交付文件中可用的其他表头"),
            "required": (_FLAG, "是否必填"),
            "grade": (_INTEGER, "安全级别"),
            "mask": (_TEXT, "本文件中的脱敏方式；none 为不脱敏，code 为只隐去误填的公民身份号码"),
        },
        rows,
    )


def _elements(catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "elements",
        "数据元：一个含义、一个标准、一个来源。一行一个数据元。",
        {
            "element": (_TEXT, "数据元代码"),
            "name": (_TEXT, "名称"),
            "definition": (_TEXT, "定义"),
            "type": (_TEXT, "类型"),
            "format": (_TEXT, "格式（标准库条目）"),
            "standard": (_TEXT, "所依据的标准"),
            "clause": (_TEXT, "标准条款"),
            "code_table": (_TEXT, "代码表（见 catalog.code_tables）"),
            "unit": (_TEXT, "计量单位"),
            "data_class": (_TEXT, "分类"),
            "grade": (_INTEGER, "安全级别"),
            "example": (_TEXT, "正确值示例"),
            "how_to_correct": (_TEXT, "怎样改正"),
        },
        [_described(element) for element in catalog.elements.values()],
    )


def _described(element: Element) -> tuple[object, ...]:
    standard = element.standard
    return (
        element.id,
        element.name,
        element.definition,
        element.type.value,
        element.format,
        standard.code if standard else None,
        (standard.clause or None) if standard else None,
        element.code_table,
        element.unit,
        element.data_class,
        element.grade,
        element.example,
        element.how_to_correct,
    )


def _code_tables(catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "code_tables",
        "代码表。一行一张代码表。",
        {
            "code_table": (_TEXT, "代码表"),
            "name": (_TEXT, "名称"),
            "standard": (_TEXT, "所依据的标准"),
            "origin": (_TEXT, "代码从何而来、如何核对"),
            "open": (_FLAG, "是否已知不完整；不完整的，表外的值记为疑问而非错误"),
        },
        [
            (
                table.id, table.name, table.standard.code if table.standard else None,
                table.origin, table.open,
            )
            for table in catalog.code_tables.values()
        ],
    )  # fmt: skip


def _codes(catalog: Catalog) -> PublishedTable:
    return table_of_rows(
        "catalog",
        "codes",
        "代码及名称。一行一个代码的一段有效期。",
        {
            "code_table": (_TEXT, "代码表"),
            "code": (_TEXT, "代码"),
            "name": (_TEXT, "名称"),
            "valid_from": ("DATE", "有效期自；空为不限"),
            "valid_to": ("DATE", "有效期至；空为仍有效"),
        },
        [
            (table, code.code, code.name, code.valid_from, code.valid_to)
            for table in catalog.code_tables
            for code in catalog.codes(table)
        ],
    )
