"""The loaded catalogue.

Belongs here: what others ask the catalogue. Reading the files stands in `catalog.load`, judging
them in `catalog.checks`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from catalog.code_tables import read_codes
from catalog.findings import CatalogError
from catalog.models.admission import FIGURES, AdmissionThreshold, Threshold
from catalog.models.agencies import Agency
from catalog.models.base_tables import BaseColumn, BaseSource, BaseTable
from catalog.models.code_tables import Code, CodeTable
from catalog.models.datasets import Dataset
from catalog.models.declared import Declared, Suspension
from catalog.models.elements import Element
from catalog.models.limits import WorkingDayLimit

Kept = TypeVar("Kept")


@dataclass(frozen=True)
class Catalog:
    """All declarations. Nothing in it changes once loaded; code rows are read when first asked.

    `datasets` and `rule_bits` are keyed by ref (`<agency>/<dataset>`), `base` by ref
    (`<database>.<table>`), the others by id.
    """

    root: Path
    agencies: Mapping[str, Agency]
    elements: Mapping[str, Element]
    code_tables: Mapping[str, CodeTable]
    datasets: Mapping[str, Dataset]
    limits: tuple[WorkingDayLimit, ...]
    base: Mapping[str, BaseTable]
    rule_bits: Mapping[str, Mapping[str, int]]
    admission: tuple[AdmissionThreshold, ...] = ()
    _codes: dict[str, tuple[Code, ...]] = field(default_factory=dict, repr=False, compare=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def kept(self, name: Hashable, make: Callable[[], Kept]) -> Kept:
        """What follows from the declarations alone, made once under this name."""
        if name not in self._kept:
            self._kept[name] = make()
        made: Kept = self._kept[name]
        return made

    def codes(self, table_id: str) -> tuple[Code, ...]:
        """Rows of a code table in file order. KeyError: no such table; CatalogError: bad rows."""
        if table_id not in self._codes:
            table = self.code_tables[table_id]
            codes, findings = read_codes(self.codes_path(table.id), f"codes/{table.id}.csv")
            if findings:
                raise CatalogError(findings)
            self._codes[table_id] = codes
        return self._codes[table_id]

    def codes_path(self, table_id: str) -> Path:
        """The CSV file of a code table."""
        return self.root / "codes" / f"{table_id}.csv"

    def element_of(self, ref: str, column_id: str) -> Element:
        """The element that a dataset's column holds; KeyError names what is missing."""
        return self.elements[self.datasets[ref].column(column_id).element]

    def is_standard(self, table: BaseTable, source: BaseSource) -> bool:
        """Whether the source is the standard source of its element (article 18), or of an element
        of which each dataset holds facts of its own. What a key says by itself has no source, and a
        stand-in tells of something else."""
        if source.of_key or source.stand_in:
            return False
        dataset = table.contributor(source.contributor).dataset
        element = self.element_of(dataset, source.column)
        chosen = element.standard_source
        if chosen is None:
            return element.source == "each_dataset"
        return chosen.place == f"{dataset}.{source.column}" and chosen.suspended is None

    def suspension_of(self, table: BaseTable, source: BaseSource) -> Suspension | None:
        """Why the source is not asked: taken out of use here, or everywhere as the element's
        standard source. What a key says by itself is asked of no dataset."""
        if source.suspended is not None or source.of_key:
            return source.suspended
        dataset = table.contributor(source.contributor).dataset
        chosen = self.element_of(dataset, source.column).standard_source
        named = chosen is not None and chosen.place == f"{dataset}.{source.column}"
        return chosen.suspended if chosen is not None and named else None

    def sources_of(self, table: BaseTable, column: BaseColumn) -> tuple[BaseSource, ...]:
        """The sources of a column in the order in which they are asked: standard sources first,
        otherwise as declared. Suspended ones are not asked."""
        asked = [source for source in column.sources if self.suspension_of(table, source) is None]
        return tuple(sorted(asked, key=lambda source: not self.is_standard(table, source)))

    def threshold_for(self, element: Element, owner: str) -> Threshold | None:
        """What admits a source of the element that agency `owner` has; None where a figure is not
        declared."""
        figures: dict[str, float] = {}
        for each in self.admission:
            if (
                (not each.agencies or owner in each.agencies)
                and (not each.elements or element.id in each.elements)
                and (not each.grades or element.grade in each.grades)
            ):
                figures |= each.model_dump(include=set(FIGURES), exclude_none=True)
        return Threshold.model_validate(figures) if len(figures) == len(FIGURES) else None

    def dataset_for(self, deliverer: str, folder: str) -> Dataset | None:
        """The dataset that files in `landing/<deliverer>/<folder>/` belong to.

        Its own dataset of that id before another agency's; None when it delivers none, or
        several of that id.
        """
        delivered = [
            dataset
            for dataset in self.datasets.values()
            if dataset.id == folder and deliverer in dataset.deliverers
        ]
        own = [dataset for dataset in delivered if dataset.agency == deliverer]
        candidates = own or delivered
        return candidates[0] if len(candidates) == 1 else None

    @cached_property
    def version(self) -> str:
        """Hash of all that is declared: 16 hex digits; comments and layout don't count."""
        return _hash(
            {
                "agencies": _dump(self.agencies),
                "elements": _dump(self.elements),
                "code_tables": _dump(self.code_tables),
                "codes": {table: self._codes_hash(table) for table in sorted(self.code_tables)},
                "datasets": _dump(self.datasets),
                "base": _dump(self.base),
                "admission": [each.model_dump(mode="json") for each in self.admission],
                "limits": [limit.model_dump(mode="json") for limit in self.limits],
                "rule_bits": {ref: dict(bits) for ref, bits in self.rule_bits.items()},
            }
        )

    def dataset_version(self, ref: str) -> str:
        """Hash of all that judges its rows: the dataset, its elements, their code tables, its bits.
        Which source an element has judges no row, and is left out."""
        dataset = self.datasets[ref]
        elements = {column.element: self.elements[column.element] for column in dataset.columns}
        tables = {element.code_table for element in elements.values() if element.code_table}
        return _hash(
            {
                "dataset": dataset.model_dump(mode="json"),
                "elements": {
                    name: element.model_dump(mode="json", exclude={"source"})
                    for name, element in elements.items()
                },
                "code_tables": _dump({table: self.code_tables[table] for table in tables}),
                "codes": {table: self._codes_hash(table) for table in sorted(tables)},
                "rule_bits": dict(self.rule_bits.get(ref, {})),
            }
        )

    def _codes_hash(self, table_id: str) -> str:
        path = self.codes_path(table_id)
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _dump(declared: Mapping[str, Declared]) -> dict[str, object]:
    return {name: model.model_dump(mode="json") for name, model in declared.items()}


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
