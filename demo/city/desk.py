"""Writes the files of one dataset: one for each deliverer and day.

Belongs here: from right rows to open files and their labels. How rows are damaged stands in
`demo.city.defects`, the formats in `demo.city.write`.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import polars as pl

from catalog.models.datasets import Dataset
from demo.city.days import Calendar, FileFault
from demo.city.defects import files
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.labels import COLLATERAL, LABELS, Describing
from demo.city.defects.lay import OPERATION, Laid, Laying
from demo.city.defects.plan import Plan
from demo.city.form import Form
from demo.city.render import Rendering
from demo.city.write import Writer, writer


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written: the date of its folder, its path below it, and its rows."""

    day: str
    file: str
    dataset: str
    deliverer: str
    rows: int


@dataclass(slots=True)
class _File:
    """An open file of one deliverer and day."""

    writer: Writer
    fault: FileFault | None
    name: str
    folder: str
    headers: dict[str, str]
    labels: list[pl.DataFrame] = field(default_factory=list)


class Desk:
    """Takes the rows of one dataset and writes them; to be used in a `with` statement."""

    def __init__(
        self,
        know: Knowledge,
        dataset: Dataset,
        form: Form,
        calendar: Calendar,
        plan: Plan,
        part: tuple[int, int],
        out: Path,
    ) -> None:
        self._know, self._dataset, self._form = know, dataset, form
        self._calendar, self._out, self._part = calendar, out, part
        self._rendering = Rendering(dataset, know.city.catalog, form)
        self._laying = Laying(know, dataset, form, calendar, plan)
        self._describing = Describing(know.city.catalog, dataset, calendar)
        self._odd = bool(calendar.faults_of(dataset.ref))
        self._open = ExitStack()
        self._files: dict[tuple[str, int], _File] = {}
        self._labels: list[pl.DataFrame] = []
        self._collateral: list[pl.DataFrame] = []
        self._count = 0
        self.finished: list[Written] = []
        """The files written, once the `with` statement is left."""

    def __enter__(self) -> Desk:
        self._open.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.__exit__(kind, error, trace)
        if error is None:
            for (deliverer, day), file in self._files.items():
                self.finished.append(self._finish(deliverer, day, file))

    @property
    def has_files(self) -> bool:
        """Whether any file was begun."""
        return bool(self._files)

    def take(self, deliverer: str, rows: pl.DataFrame) -> None:
        """Writes the rows of a deliverer on every day; without rows, a file with its header."""
        own = deliverer == self._dataset.agency
        if own and self._calendar.is_silent(self._dataset.ref):
            return
        text = self._rendering.text(rows)
        piece = self._laying.piece(text, rows, sound=own and self._odd)
        for day in range(1, self._calendar.days + 1):
            fault = self._calendar.fault(self._dataset.ref, day) if own else None
            content = self._calendar.content_day(self._dataset.ref, day) if own else day
            laid = piece.on(content)
            if fault is not None and fault.kind in ("empty", "partial"):
                kept = files.kept_rows(fault, laid.text, self._dataset, self._know.city.seed)
                laid = Laid(laid.text.filter(kept), [], laid.labels.clear())
            if laid.text.height or fault is not None or not rows.height:
                self._write(self._file(deliverer, day, fault, laid), laid, deliverer, day)

    def _file(self, deliverer: str, day: int, fault: FileFault | None, laid: Laid) -> _File:
        if (deliverer, day) not in self._files:
            dataset, calendar = self._dataset, self._calendar
            folder = calendar.folder(dataset.ref, day) if fault else calendar.date(day)
            form = files.form_of_file(fault, self._form, self._know.city.catalog, dataset, calendar)
            name = f"{deliverer}/{dataset.id}/{self._name(day)}"
            headers = files.headers(fault, self._headers(laid.text))
            out = writer(self._out / folder.isoformat() / name, headers, form)
            self._files[deliverer, day] = _File(
                self._open.enter_context(out), fault, name, folder.isoformat(), headers
            )
        return self._files[deliverer, day]

    def _name(self, day: int) -> str:
        return self._form.file_name(self._dataset, self._calendar.date(day), *self._part)

    def _headers(self, text: pl.DataFrame) -> dict[str, str]:
        """Column id → the catalogue's Chinese name, of the columns that are written."""
        own = {n: self._dataset.column(n).name for n in text.columns if n != OPERATION}
        operation = self._dataset.operation_column
        return own | {OPERATION: operation} if OPERATION in text.columns and operation else own

    def _write(self, file: _File, laid: Laid, deliverer: str, day: int) -> None:
        before, start = file.writer.rows, 0
        text = files.with_added(file.fault, laid.text, before)
        for at, how in laid.broken:
            file.writer.write(text[start:at])
            file.writer.write_broken(text[at : at + 1], how)
            start = at + 1
        file.writer.write(text[start:] if start else text)
        if laid.labels.height and not (file.fault and file.fault.stops):
            targets = self._laying.targets
            labels = self._describing.labels(
                laid.labels, targets, file.name, deliverer, day, before, self._count + 1
            )
            self._labels.append(labels)
            self._collateral.append(self._describing.collateral(labels, laid.labels, targets))
            self._count += labels.height

    def _finish(self, deliverer: str, day: int, file: _File) -> Written:
        files.spoil(file.fault, file.writer.path)
        if self._form.manifest:
            mode = "snapshot" if day == 1 else self._dataset.mode
            file.writer.manifest(self._calendar.date(day).isoformat(), mode)
        if file.fault is not None and file.fault.is_defect:
            right = {column.id: column.name for column in self._dataset.columns}
            label = files.label_of(file.fault, self._dataset, file.name, right)
            self._labels.append(label.with_columns(
                label=pl.int_range(self._count + 1, self._count + 1 + pl.len())
            ))  # fmt: skip
            self._count += label.height
        return Written(file.folder, file.name, self._dataset.ref, deliverer, file.writer.rows)

    def write_labels(self, labels: Path, collateral: Path) -> None:
        """Writes what is known of the faults in the files, numbered from 1."""
        known = pl.concat([LABELS.to_frame(), *self._labels]).sort("day", "file", "row")
        brought = pl.concat([COLLATERAL.to_frame(), *self._collateral])
        numbers = known.select("label", number=pl.int_range(1, pl.len() + 1))
        known.with_columns(numbers["number"].alias("label")).write_parquet(labels)
        brought.join(numbers, on="label", how="left", maintain_order="left").with_columns(
            label="number"
        ).drop("number").sort("label", maintain_order=True).write_parquet(collateral)
