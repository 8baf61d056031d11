"""Datasets: keys, shapes, cross-field rules, publication, folders in landing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from catalog.entries import Catalog
from catalog.findings import Finding, Sources
from catalog.models.datasets import Dataset, FirstOf

PUBLISHED_DATABASES = frozenset(
    {
        "population",
        "legal_person",
        "credit",
        "license",
        "geospatial",
        "macroeconomy",
        "government_service",
        "social_security",
        "health",
        "environment",
        "food_safety",
        "emergency",
        "state_assets",
    }
)
"""Article 14: six base and seven thematic databases; other published schemas are ours."""

_LITERAL = re.compile(r"'(?:[^']|'')*'")
_WORD = re.compile(r"\b[A-Za-z_][A-Za-z0-9_]*(?!\w|\s*\()")
_SQL_WORDS = frozenset(
    {
        *("and", "as", "between", "case", "cast", "else", "end", "in", "is", "like", "not", "or"),
        *("then", "when", "null", "true", "false"),
        *("bigint", "date", "decimal", "double", "integer", "varchar"),
    }
)


def check_layout(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults in what refers to columns, and collisions between datasets."""
    for dataset in catalog.datasets.values():
        file = f"datasets/{dataset.ref}.yaml"
        for field, name in _references(dataset):
            if name not in {column.id for column in dataset.columns}:
                yield Finding(file, field, name, "本数据集的列")
        yield from _check_key(dataset, file)
        yield from _check_shapes(dataset, file)
        yield from _check_rules(dataset, file)
        database = dataset.publication.database
        if database not in PUBLISHED_DATABASES:
            expected = "、".join(sorted(PUBLISHED_DATABASES))
            yield Finding(file, "publication.database", database, expected, 14)
    yield from _check_publications(catalog)
    yield from _check_folders(catalog)


def _references(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for index, part in enumerate(dataset.key):
        for name in part.first_of if isinstance(part, FirstOf) else (part,):
            yield f"key[{index}]", name
    for name in dataset.key_identifiers:
        yield "key_identifiers", name
    for name in dataset.example:
        yield "example", name
    for name in dataset.snapshot_scope:
        yield "snapshot_scope", name
    for index, shape in enumerate(dataset.shapes):
        for field in ("requires", "excludes", "constants"):
            for name in getattr(shape, field):
                yield f"shapes[{index}]({shape.id}).{field}", name
    for index, rule in enumerate(dataset.rules):
        for name in rule.columns:
            yield f"rules[{index}]({rule.id}).columns", name


def _check_key(dataset: Dataset, file: str) -> Iterator[Finding]:
    """A delivery that may lack a key column whole would lose every row to quarantine."""
    optional = {column.id for column in dataset.columns if column.may_be_absent}
    given = [{*shape.constants, *shape.requires} for shape in dataset.shapes] or [set()]
    for index, part in enumerate(dataset.key):
        if isinstance(part, FirstOf) and part.may_be_absent:
            continue
        columns = part.first_of if isinstance(part, FirstOf) else (part,)
        if optional.issuperset(columns) and any(shape.isdisjoint(columns) for shape in given):
            found = f"{'、'.join(columns)} 列可整列缺少"
            yield Finding(file, f"key[{index}]", found, "主键列不能是 optional")
    if dataset.snapshot_scope and dataset.mode != "snapshot":
        yield Finding(file, "snapshot_scope", f"mode 为 {dataset.mode}", "只用于 snapshot")


def _check_shapes(dataset: Dataset, file: str) -> Iterator[Finding]:
    for name, count in Counter(shape.id for shape in dataset.shapes).items():
        if count > 1:
            yield Finding(file, "shapes", f"{name} 重复", "版式 id 不重复")
    for index, shape in enumerate(dataset.shapes):
        both = set(shape.requires) & set(shape.excludes)
        if both:
            found = f"{'、'.join(sorted(both))} 既要求又排除"
            yield Finding(file, f"shapes[{index}]({shape.id})", found, "两者不相交")
        if not shape.requires:
            yield Finding(file, f"shapes[{index}]({shape.id}).requires", "空", "至少一列")


def _check_rules(dataset: Dataset, file: str) -> Iterator[Finding]:
    columns = {column.id for column in dataset.columns}
    seen = {"duplicate_key"}
    for index, rule in enumerate(dataset.rules):
        place = f"rules[{index}]({rule.id})"
        if rule.id in seen:
            yield Finding(file, f"{place}.id", rule.id, "规则 id 不重复，duplicate_key 留作系统用")
        seen.add(rule.id)
        words = _WORD.findall(_LITERAL.sub("''", rule.check))
        unknown = {word for word in words if word.lower() not in _SQL_WORDS} - columns
        if unknown:
            found = f"用到 {'、'.join(sorted(unknown))}"
            yield Finding(file, f"{place}.check", found, "只用本数据集的列")


def _check_publications(catalog: Catalog) -> Iterator[Finding]:
    owners: dict[tuple[str, str], str] = {}
    for ref, dataset in catalog.datasets.items():
        target = dataset.publication.database, dataset.publication.table
        owner = owners.setdefault(target, ref)
        if owner != ref:
            found = f"{'.'.join(target)} 已由 {owner} 使用"
            yield Finding(f"datasets/{ref}.yaml", "publication", found, "每个数据集一张表")


def _check_folders(catalog: Catalog) -> Iterator[Finding]:
    """landing/<deliverer>/<dataset id>/ must mean one dataset."""
    for ref, dataset in catalog.datasets.items():
        for index, deliverer in enumerate(dataset.deliverers):
            if deliverer in catalog.agencies and catalog.dataset_for(deliverer, dataset.id) is None:
                found = f"{deliverer} 报送多个名为 {dataset.id} 的数据集"
                place = f"deliverers[{index}]"
                yield Finding(f"datasets/{ref}.yaml", place, found, "能由文件夹名认出唯一的数据集")
