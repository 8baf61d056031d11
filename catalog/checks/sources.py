"""One fact, one source: standard sources, and what is collected a second time.

Articles 11 and 18 of 《淄博市公共数据管理办法》.
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog.checks.bases import has_rank, ranks_of
from catalog.entries import Catalog
from catalog.findings import UNDECIDED, Finding, Sources
from catalog.models.attributes import OF_LAW_OR_REGULATION, SharingType
from catalog.models.datasets import Dataset
from catalog.models.elements import Element, SourceRef

_CITED = "引用要求单独采集的法律、法规（repeated_collection），或改为通过共享获取"


def check_sources(catalog: Catalog, sources: Sources) -> Iterator[Finding]:
    """Faults of standard sources and repeated collection. Retired entries ask for nothing."""
    for element in catalog.elements.values():
        if element.retired is None:
            file, place = sources.place("element", element.id)
            yield from _check_source(catalog, sources, element, file, place)
    for dataset in catalog.datasets.values():
        if dataset.retired is None:
            yield from _check_repetition(catalog, dataset)


def _check_source(
    catalog: Catalog, sources: Sources, element: Element, file: str, place: str
) -> Iterator[Finding]:
    source = element.source
    if source is None or source == ():
        expected = "一个标准源，或 each_dataset（各数据集各自产生的事实）"
        yield Finding(file, f"{place}.source", "没有标准源", expected, 18)
    elif isinstance(source, tuple) and len(source) > 1:
        named = "、".join(f"{ref.dataset}.{ref.column}" for ref in source)
        yield Finding(file, f"{place}.source", f"有多个标准源：{named}", "只留一个标准源", 18)
    for ref in source if isinstance(source, tuple) else (source,):
        if isinstance(ref, SourceRef):
            yield from _check_suspension(ref, file, place)
            yield from _check_reference(catalog, sources, element, ref, file, place)


def _check_suspension(source: SourceRef, file: str, place: str) -> Iterator[Finding]:
    """A person suspends, and says who and why."""
    for field in ("by", "reason"):
        if source.suspended and getattr(source.suspended, field).startswith(UNDECIDED):
            yield Finding(file, f"{place}.source.suspended.{field}", UNDECIDED, "由专人填写", 18)


def _check_reference(
    catalog: Catalog,
    sources: Sources,
    element: Element,
    source: SourceRef,
    file: str,
    place: str,
) -> Iterator[Finding]:
    dataset = catalog.datasets.get(source.dataset)
    if dataset is None:
        if not sources.is_broken("dataset", source.dataset):
            yield Finding(file, f"{place}.source.dataset", source.dataset, "已登记的数据集", 18)
        return
    columns = {column.id: column for column in dataset.columns}
    if dataset.retired is not None:
        found = f"{source.dataset} 已于 {dataset.retired.on} 停用"
        yield Finding(file, f"{place}.source.dataset", found, "在用的数据集", 18)
    column = columns.get(source.column)
    if column is None:
        found = f"{source.dataset} 没有 {source.column} 列"
        yield Finding(file, f"{place}.source.column", found, "该数据集的列", 18)
    elif column.element != element.id:
        found = f"该列的数据元是 {column.element}"
        yield Finding(file, f"{place}.source.column", found, f"数据元为 {element.id} 的列", 18)
    elif column.retired is not None:
        found = f"{source.column} 列已于 {column.retired.on} 停用"
        yield Finding(file, f"{place}.source.column", found, "在用的列", 18)


def _check_repetition(catalog: Catalog, dataset: Dataset) -> Iterator[Finding]:
    """A column whose values another agency's dataset is the source of, and may share."""
    file = f"datasets/{dataset.ref}.yaml"
    cited: set[str] = set()
    for index, repeated in enumerate(dataset.repeated_collection):
        place = f"repeated_collection[{index}]"
        cited.update(repeated.columns)
        if not has_rank(repeated.basis, OF_LAW_OR_REGULATION):
            found = ranks_of(repeated.basis)
            yield Finding(file, f"{place}.basis", found, "须有法律、法规依据", 11)
        for name in repeated.columns:
            if name not in {column.id for column in dataset.columns}:
                yield Finding(file, f"{place}.columns", name, "本数据集的列")
    for index, column in enumerate(dataset.columns):
        element = catalog.elements.get(column.element)
        if element is None or column.id in cited or column.retired is not None:
            continue
        owner = _shareable_source(catalog, element, dataset)
        if owner is not None:
            found = f"{element.name}的标准源 {owner.ref} 可以共享，本数据集另行采集"
            yield Finding(file, f"columns[{index}]({column.id})", found, _CITED, 11)


def _shareable_source(catalog: Catalog, element: Element, dataset: Dataset) -> Dataset | None:
    """The dataset of another agency that could share the element instead, if there is one."""
    source = element.standard_source
    if source is None or element.identifier or source.dataset == dataset.ref:
        return None
    owner = catalog.datasets.get(source.dataset)
    if owner is None or owner.agency == dataset.agency or owner.sharing is None:
        return None
    return None if owner.sharing.type is SharingType.NOT_SHARED else owner
