"""Links in the `quality` schema of the analysts' file.

Belongs here: their published form. Does not belong here: how they are found (`quality.linking`).
"""

from __future__ import annotations

from datetime import date

from assets.published.quality import from_file, key_ways, while_in_publication
from catalog.entries import Catalog
from warehouse.publish import PublishedTable
from warehouse.publish.masking import strictest
from warehouse.publish.shown import protection_at

_LINKS = {
    "dataset": "数据集（见 catalog.datasets）",
    "agency": "报送机构（见 catalog.agencies）",
    "key": "记录主键，各部分以“ / ”相连，按安全级别脱敏",
    "base_table": "所对应的主体在哪个基础库表中",
    "linked": "对应到的主体标识；不能确定的为空",
    "method": "依据：organization_code 组织机构代码，name 名称，weighed 名称与住所综合权衡；"
    "都没有线索的为空",
    "score": "把握，0 至 1；按代码或名称没有对应上的为空",
    "alternatives": "其他可能的主体标识，最接近的在前，至多五个",
    "evidence": "对应或者不能对应的理由",
    "local": "记录的名称或住所表明属于本市",
}


def links_table(catalog: Catalog, today: date) -> PublishedTable:
    """`quality.links`: records without a sound identifier, and the subject found for each; none
    whose record has left publication by `today`."""
    known = [dataset for dataset in catalog.datasets.values() if dataset.reviewed]
    ways = [key_ways(catalog, dataset) for dataset in known]
    subjects = {
        table.ref: strictest(*(protection_at(catalog, each) for each in table.key[0].holds))
        for table in catalog.base.values()
    }
    table = from_file(
        "links",
        "没有合格统一社会信用代码的记录与登记主体的对应。一行一条记录。",
        _LINKS,
        {
            "datasets": [dataset.ref for dataset in known],
            "key_ways": [each for each, _ in ways],
            "key_strictest": [strongest for _, strongest in ways],
            "base_tables": list(subjects),
            "subject_ways": [protection.way for protection in subjects.values()],
        },
    )
    return while_in_publication(catalog, table, today)
