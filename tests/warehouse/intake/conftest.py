"""A dataset declared in code and a place to receive into, for all tests of the intake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from catalog.models.datasets import Column, Dataset, Publication, Shape
from warehouse.intake import Received, Target, receive


def dataset(**changes: Any) -> Dataset:
    """A small dataset of shops: code (required), name (required), address (optional)."""
    columns = (
        Column(id="code", name="编号", element="code", aliases=("店铺编号",)),
        Column(id="name", name="名称", element="name"),
        Column(id="address", name="地址", element="address", optional=True),
    )
    fields: dict[str, Any] = {
        "agency": "bureau",
        "id": "shops",
        "name": "店铺",
        "description": "店铺",
        "subject": "object",
        "key": ("code",),
        "deliverers": ("bureau",),
        "mode": "snapshot",
        "publication": Publication(database="legal_person", table="shops"),
        "columns": columns,
    }
    return Dataset(**(fields | changes))


def shapes() -> tuple[Shape, ...]:
    """Two shapes of the shops: with an address, and without one but for one street."""
    return (
        Shape(id="full", requires=("code", "name", "address")),
        Shape(id="street", requires=("code", "name"), excludes=("address",), ignores=("序号",)),
    )


class Outcome(NamedTuple):
    """What a receipt left: its summary, raw and rejects."""

    received: Received
    raw: pl.DataFrame
    rejects: pl.DataFrame


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """A place to receive into."""
    work = tmp_path / "work"
    work.mkdir()
    return Target(
        tmp_path / "raw.parquet", tmp_path / "rejects.parquet", work, "d000001", 7, "bureau"
    )


@pytest.fixture
def take_in(tmp_path: Path, target: Target) -> Callable[..., Outcome]:
    """Write a file and receive it."""

    def take(content: bytes | Path, name: str = "shops.csv", of: Dataset | None = None) -> Outcome:
        source = tmp_path / name if isinstance(content, bytes) else content
        if isinstance(content, bytes):
            source.write_bytes(content)
        received = receive(source, of or dataset(), target)
        assert received.balanced
        return Outcome(received, pl.read_parquet(target.raw), pl.read_parquet(target.rejects))

    return take
