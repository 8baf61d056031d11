"""Reading the catalogue's files.

Belongs here: which files there are, and loading them all before any fault is raised. The models
stand in `catalog.models`, what must hold between entries in `catalog.checks`.

Layout below the catalogue's folder: `agencies/*.yaml` (one agency a file), `elements/*.yaml` (a
list a file), `datasets/<agency>/<dataset>.yaml`, `base/<database>/<table>.yaml`, `codes/*.yaml` (a
list a file) with `codes/<id>.csv`, `limits.yaml` and `admission.yaml` (lists), `rule_bits.csv`
(dataset,rule,bit), `register.csv` (kind,id,opening,registered_on).
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel

from catalog.checks import check_codes, check_entries
from catalog.entries import Catalog
from catalog.findings import CatalogError, Finding, Sources
from catalog.models.admission import AdmissionThreshold
from catalog.models.agencies import Agency
from catalog.models.base_tables import BaseTable
from catalog.models.code_tables import CodeTable
from catalog.models.datasets import Dataset
from catalog.models.elements import Element
from catalog.models.limits import WorkingDayLimit
from catalog.parse import faulty_ids, parse_list, parse_one, read_yaml

__all__ = ["Catalog", "CatalogError", "Finding", "check_catalog", "examine", "load_catalog"]

ModelT = TypeVar("ModelT", bound=BaseModel)
EntryT = TypeVar("EntryT", Agency, Dataset, BaseTable)
ItemT = TypeVar("ItemT", Element, CodeTable)


def load_catalog(root: Path | None = None) -> Catalog:
    """The catalogue, checked between its entries; the rows of code tables are read when asked.

    `root` is the catalogue's folder, or the folder that holds it as `catalog/`; by default that of
    LAKEHOUSE_CATALOG, else the catalogue of this project. Raises CatalogError with every finding.
    """
    reader = _Reader(_folder(root))
    catalog = reader.read()
    findings = [*reader.findings, *check_entries(catalog, reader.sources)]
    if findings:
        raise CatalogError(findings)
    return catalog


def check_catalog(root: Path | None = None) -> tuple[Finding, ...]:
    """Every finding, those in the rows of code tables and in the elements' examples included."""
    return examine(root)[1]


def examine(root: Path | None = None) -> tuple[Catalog, tuple[Finding, ...]]:
    """The catalogue as far as it can be read, and every finding; usable where there is none."""
    reader = _Reader(_folder(root))
    catalog = reader.read()
    entries = check_entries(catalog, reader.sources)
    found = [*reader.findings, *entries, *check_codes(catalog, reader.sources)]
    return catalog, CatalogError(found).findings


def _folder(root: Path | None) -> Path:
    if root is None:
        elsewhere = os.environ.get("LAKEHOUSE_CATALOG")
        if not elsewhere:
            return Path(__file__).resolve().parent
        root = Path(elsewhere)
    inner = root / "catalog"
    return inner if inner.is_dir() else root


class _Reader:
    """Reads all files of one catalogue, gathering faults instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.findings: list[Finding] = []
        self.sources = Sources({}, set())

    def read(self) -> Catalog:
        if not (self.root / "datasets").is_dir():
            expected = "datasets/<机构>/<数据集>.yaml"
            self.findings.append(Finding("datasets", "", "没有这个文件夹", expected))
        agencies = self._singles("agencies/*.yaml", Agency)
        datasets = self._singles("datasets/*/*.yaml", Dataset)
        base = self._singles("base/*/*.yaml", BaseTable)
        elements = self._items(sorted(self.root.glob("elements/*.yaml")), Element, "element")
        tables = self._items(sorted(self.root.glob("codes/*.yaml")), CodeTable, "code_table")
        limits = self._list(self.root / "limits.yaml", WorkingDayLimit, "limit")
        admission = self._list(self.root / "admission.yaml", AdmissionThreshold, "admission")
        return Catalog(
            root=self.root,
            agencies=MappingProxyType({agency.id: agency for agency in agencies}),
            elements=MappingProxyType(elements),
            code_tables=MappingProxyType(tables),
            datasets=MappingProxyType({dataset.ref: dataset for dataset in datasets}),
            limits=tuple(limit for _, limit in limits),
            admission=tuple(each for _, each in admission),
            base=MappingProxyType({table.ref: table for table in base}),
            rule_bits=MappingProxyType(self._rule_bits(self.root / "rule_bits.csv")),
        )

    def _file(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _singles(self, pattern: str, model: type[EntryT]) -> list[EntryT]:
        """One declaration a file; its id, and a dataset's agency, are its place in the folder."""
        entries: list[EntryT] = []
        for path in sorted(self.root.glob(pattern)):
            file = self._file(path)
            data, faults = read_yaml(path, file)
            if not faults:
                entry, faults = parse_one(model, data, file)
                if entry is not None:
                    entries.append(entry)
                    self.findings += _misplaced(entry, path, file)
            if faults:
                self.sources.broken.add(file)
            self.findings += faults
        return entries

    def _items(self, paths: list[Path], model: type[ItemT], kind: str) -> dict[str, ItemT]:
        items: dict[str, ItemT] = {}
        for path in paths:
            for place, item in self._list(path, model, kind):
                if item.id in items:
                    found = f"{item.id} 重复登记"
                    fault = Finding(self._file(path), place, found, "每个 id 只登记一次")
                    self.findings.append(fault)
                else:
                    items[item.id] = item
                    self.sources.places[kind, item.id] = self._file(path), place
        return items

    def _list(self, path: Path, model: type[ModelT], kind: str) -> list[tuple[str, ModelT]]:
        """The declarations of a list file; a file that isn't there declares nothing."""
        if not path.exists():
            return []
        file = self._file(path)
        data, faults = read_yaml(path, file)
        items: list[tuple[str, ModelT]] = []
        if faults:
            self.sources.broken.add(kind)
        else:
            items, faults = parse_list(model, data, file)
            self.sources.broken.update(f"{kind}:{name}" for name in faulty_ids(data, items))
        self.findings += faults
        return items

    def _rule_bits(self, path: Path) -> dict[str, dict[str, int]]:
        """dataset → rule → bit. A bit once given is never given to another rule of the dataset."""
        bits: dict[str, dict[str, int]] = {}
        if not path.exists():
            return bits
        with path.open(encoding="utf-8", errors="replace", newline="") as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                dataset, rule, bit = (row.get(name) or "" for name in ("dataset", "rule", "bit"))
                place = f"第 {line} 行"
                if "\ufffd" in dataset + rule or not (dataset and rule and _is_number(bit)):
                    found = ",".join((dataset, rule, bit))
                    expected = "数据集,规则,非负整数，UTF-8 编码"
                    self.findings.append(Finding(path.name, place, found, expected))
                    continue
                given = bits.setdefault(dataset, {})
                if rule in given or int(bit) in given.values():
                    expected = "同一数据集内规则和位各不重复"
                    self.findings.append(Finding(path.name, place, f"{rule},{bit}", expected))
                given[rule] = int(bit)
        return bits


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _misplaced(entry: Agency | Dataset | BaseTable, path: Path, file: str) -> list[Finding]:
    """A file must lie where its ids say: so no two files can declare the same entry."""
    places = {"id": path.stem}
    if isinstance(entry, Dataset):
        places["agency"] = path.parent.name
    elif isinstance(entry, BaseTable):
        places["database"] = path.parent.name
    return [
        Finding(file, field, str(getattr(entry, field)), f"{place}（与文件位置一致）")
        for field, place in places.items()
        if getattr(entry, field) != place
    ]
