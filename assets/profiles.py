"""Profiles for Dagster: the latest delivery's columns as a table in Markdown.

Belongs here: which delivery is shown and how. Shows no value of a column that the catalogue masks
today, whatever was kept when the delivery came in; which those are stands in `quality.profiles`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg

from catalog.entries import Catalog
from quality.profiles import columns_without_top
from warehouse.engine import Engine
from warehouse.publish.masking import masked_columns

_SQL = Path(__file__).parent / "profiles.sql"
_HEADER = ("列", "空值", "上次空值", "不同值", "长度", "范围", "中位数", "常见形态", "常见值")


def latest_profile(engine: Engine, catalog: Catalog, ref: str) -> dict[str, dg.MetadataValue]:
    """Metadata of the dataset's standard asset: nothing before its first applied delivery."""
    found = engine.con.execute(_SQL.read_text(encoding="utf-8"), {"dataset": ref})
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    if not rows:
        return {}
    dataset = catalog.datasets[ref]
    titles = {column.id: column.name for column in dataset.columns}
    rows.sort(key=lambda row: list(titles).index(row["column"]))
    masked, without_top = masked_columns(catalog, dataset), columns_without_top(catalog, dataset)
    lines = [_HEADER, tuple("---" for _ in _HEADER)]
    lines += [
        _line(row, titles, row["column"] in masked, row["column"] in without_top) for row in rows
    ]
    first = rows[0]
    return {
        "profiled_delivery": dg.MetadataValue.text(
            f"{first['delivery']}：{first['rows']:,} 行，样本 {first['sampled']:,} 行"
        ),
        "profile": dg.MetadataValue.md("\n".join(f"| {' | '.join(line)} |" for line in lines)),
    }


def _line(
    row: dict[str, Any], titles: dict[str, str], masked: bool, without_top: bool
) -> tuple[str, ...]:
    frequent = [] if without_top else row["top"]
    return (
        titles.get(row["column"], row["column"]) + ("" if row["delivered"] else "（本次没有）"),
        _share(row["nulls"], row["rows"]),
        _share(row["previous_nulls"], row["previous_rows"]),
        f"{row['distinct']:,}",
        _range(row["shortest"], row["longest"]),
        "—" if masked else _range(row["minimum"], row["maximum"]),
        "—" if masked or row["p50"] is None else _cell(row["p50"]),
        "、".join(_cell(each["pattern"]) for each in row["patterns"][:3]) or "—",
        "、".join(f"{_cell(each['value'])}（{each['rows']:,}）" for each in frequent[:3]) or "—",
    )


def _share(part: int | None, whole: int | None) -> str:
    return "—" if part is None or not whole else f"{part / whole:.1%}"


def _range(least: object, most: object) -> str:
    return "—" if least is None else f"{_cell(str(least))} – {_cell(str(most))}"


def _cell(text: str) -> str:
    """Text that stays in its cell of a Markdown table."""
    return "`" + text.replace("|", "∣").replace("`", "′") + "`"
