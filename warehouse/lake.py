"""The Delta lake: tables under one folder, written file by file in atomic commits.

Belongs here: creating, appending, swapping and listing Delta tables. Does not belong here: what
the tables mean, and SQL over them (`warehouse.engine`).

Parquet files are written by whoever computes them, straight to where they will stay, and then
registered in the table's log: a row is encoded once.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from deltalake import CommitProperties, DeltaTable, Schema, Transaction, write_deltalake
from deltalake.exceptions import DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction

_COMMIT = re.compile(r"\d{20}\.json")

SMALL_BYTES = 1024 * 1024
"""A file below this is small."""
SMALL_FILES = 32
"""Of small appended files, so many may lie in a table; the next append takes them into its own."""


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A finished Parquet file to be registered: where it lies and how many rows it holds."""

    path: Path
    rows: int


class SchemaMismatch(Exception):
    """A table's columns are not the ones declared; the message names table and columns."""


@dataclass(frozen=True, slots=True)
class Lake:
    """The Delta tables below `root`, named by their path, e.g. `raw/statistics/regional_gdp`."""

    root: Path
    _listed: dict[str, tuple[int, list[str]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Tables whose files were asked for: the version then, and the files."""
    _opened: dict[str, DeltaTable] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def path(self, name: str) -> Path:
        """Folder of the table `name`."""
        return self.root / name

    def exists(self, name: str) -> bool:
        """Whether the table has been created."""
        return (self.path(name) / "_delta_log").is_dir()

    def table(self, name: str) -> DeltaTable:
        """The table at its latest version. Opened once, then only brought up to date."""
        opened = self._opened.get(name)
        if opened is None:
            opened = self._opened[name] = DeltaTable(str(self.path(name)))
        elif opened.version() != self.version(name):
            opened.update_incremental()
        return opened

    def version(self, name: str) -> int | None:
        """Latest version, or None where the table does not exist.

        Told by the name of the last commit, which Delta puts in place at once and never alters:
        looking at hundreds of tables opens none of them.
        """
        try:
            commits = os.listdir(self.path(name) / "_delta_log")
        except FileNotFoundError:
            return None
        return max(
            (int(commit[:20]) for commit in commits if _COMMIT.fullmatch(commit)), default=None
        )

    def files(self, name: str) -> list[str]:
        """Paths of the table's live Parquet files, sorted; empty where it does not exist."""
        version = self.version(name)
        if version is None:
            return []
        listed = self._listed.get(name)
        if listed is None or listed[0] != version:
            table = self.table(name)
            files = sorted(
                uri.removeprefix("file://") if uri.startswith("file://") else uri
                for uri in table.file_uris()
            )
            listed = self._listed[name] = (table.version(), files)
        return list(listed[1])

    def files_at(self, name: str, version: int) -> list[str] | None:
        """Paths of the files that were live at an earlier version, sorted; None where one of them,
        or the version itself, is no longer there."""
        try:
            uris = DeltaTable(str(self.path(name)), version=version).file_uris()
        except (DeltaError, TableNotFoundError):
            return None
        files = sorted(uri.removeprefix("file://") for uri in uris)
        return files if all(Path(file).exists() for file in files) else None

    def rows(self, name: str) -> int:
        """Number of rows; 0 where the table does not exist."""
        return self.table(name).count() if self.exists(name) else 0

    def has(self, name: str, transaction: str) -> bool:
        """Whether a commit of this application transaction is in the table."""
        return self.exists(name) and self.table(name).transaction_version(transaction) is not None

    def ensure(self, name: str, schema: pl.Schema, description: str = "") -> None:
        """Creates the table, or adds the columns that the catalogue has gained.

        A column whose type changed, or one that the catalogue no longer has, raises
        SchemaMismatch: such a change needs a decision, not a guess.
        """
        if not self.exists(name):
            write_deltalake(
                str(self.path(name)),
                pl.DataFrame(schema=schema),
                description=description or None,
            )
            return
        present = self.schema(name)
        wrong = [
            f"{column} is {present[column]}, declared {kind}"
            for column, kind in schema.items()
            if column in present and present[column] != kind
        ] + [f"{column} is no longer declared" for column in present if column not in schema]
        if wrong:
            raise SchemaMismatch(f"{self.path(name)}: {'; '.join(wrong)}")
        added = [column for column in schema if column not in present]
        if added:
            declared = Schema.from_arrow(pl.Schema({column: schema[column] for column in added}))
            self.table(name).alter.add_columns(declared.fields)

    def begin_anew(self, name: str, schema: pl.Schema) -> None:
        """Empties the table and gives it these columns; what it held stays in older versions."""
        write_deltalake(
            str(self.path(name)), pl.DataFrame(schema=schema), mode="overwrite",
            schema_mode="overwrite",
        )  # fmt: skip

    def schema(self, name: str) -> pl.Schema:
        """Column names and Polars types of the table."""
        return pl.scan_delta(self.table(name)).collect_schema()

    def commit(
        self,
        name: str,
        add: Sequence[LakeFile],
        transaction: str,
        remove: Iterable[str] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Registers finished files and removes others in one commit.

        `remove` holds file names within the table. The transaction marks the commit, so that
        whoever was killed after it knows.
        """
        table = self.table(name)
        actions: list[AddAction | RemoveAction] = []
        for file in add:
            status = file.path.stat()
            actions.append(
                AddAction(
                    file.path.name,
                    status.st_size,
                    {},
                    int(status.st_mtime * 1000),
                    True,
                    json.dumps({"numRecords": file.rows}),
                )
            )
        actions += [_removal(self.path(name) / file) for file in remove]
        table.create_write_transaction(
            actions,
            "append",
            table.schema(),
            commit_properties=CommitProperties(
                app_transactions=[Transaction(transaction, 1)],
                custom_metadata=dict(metadata or {}),
            ),
        )

    def append(self, name: str, rows: pl.DataFrame, transaction: str) -> None:
        """Appends a small frame, once for a transaction.

        Where small files have gathered, their rows move into the new file in the same commit: a
        table that grows by a row at a time stays one of few files.
        """
        if rows.is_empty() or self.has(name, transaction):
            return
        small = [path for path in map(Path, self.files(name)) if path.stat().st_size < SMALL_BYTES]
        gathered = small if len(small) >= SMALL_FILES else []
        parts = [pl.read_parquet(path) for path in gathered]
        whole = pl.concat([*parts, rows.select(self.schema(name).names())], how="diagonal")
        # By the version to come: what a killed append left is written over.
        file = self.path(name) / f"{(self.version(name) or 0) + 1:08d}-appended.parquet"
        whole.write_parquet(file, compression="zstd")
        removed = [path.name for path in gathered]
        self.commit(name, [LakeFile(file, whole.height)], transaction, removed)

    def adopt(self, name: str, file: Path, as_name: str) -> Path:
        """Moves a staged file into the table's folder, flushed to disk; not yet registered."""
        target = self.path(name) / as_name
        target.parent.mkdir(parents=True, exist_ok=True)
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
        try:
            file.replace(target)
        except OSError:
            shutil.move(file, target)
        return target


def _removal(path: Path) -> RemoveAction:
    status = path.stat()
    return RemoveAction(str(path.name), True, int(status.st_mtime * 1000), status.st_size, {})
