"""What is written of a faulty row from day to day, on one written out by hand."""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl
import pytest

from catalog.entries import Catalog
from demo.city.city import City
from demo.city.days import LAST, Calendar, Lives
from demo.city.defects.choice import Faulty
from demo.city.defects.kinds import Target
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.lay import OPERATION, Laying, Piece
from demo.city.defects.plan import Plan
from demo.city.form import Form

CALENDAR = Calendar(datetime.date(2026, 9, 30), 3)
RIGHT = pl.DataFrame({"certificate_no": ["J1", "J2"], "name_a": ["甲", "乙"]})
KEY = Target(
    "look_alike_in_code", "look_alike", "cell", "certificate_no", other="",
    found_by=("certificate_no.form",), also="", where=(), block=(), weight=1.0, least=1.0,
)  # fmt: skip


@pytest.fixture
def piece(catalog: Catalog, city: City) -> Piece:
    """Two marriages; the second has a wrong number on day 1, the right one on day 2, and the wrong
    one again on day 3."""
    dataset = catalog.datasets["civil_affairs/marriages"]
    laying = Laying(Knowledge(city), dataset, Form("csv", "utf-8", "x"), CALENDAR, Plan())
    laying.targets = [KEY]
    right = RIGHT[1:]
    wrong = right.with_columns(certificate_no=pl.lit("JZ"))
    faulty = Faulty(
        np.array([1]), np.array([0]), right, wrong, pl.Series(["J2"]), pl.Series(["JZ"]),
        np.array([1]), np.array([2]), np.array([3]),
    )  # fmt: skip
    never = np.full(2, LAST)
    return Piece(laying, right, RIGHT, {}, Lives(np.ones(2, np.int64), never, never), faulty)


def test_the_first_day_holds_all_rows_and_no_operation(piece: Piece) -> None:
    laid = piece.on(1)
    assert laid.text.rows() == [("J1", "甲"), ("JZ", "乙")]
    assert laid.labels.select("at", "key", "key_original").rows() == [(1, "JZ", "J2")]


def test_a_corrected_key_comes_with_the_deletion_of_the_wrong_one(piece: Piece) -> None:
    laid = piece.on(2)
    assert laid.text.select("certificate_no", OPERATION).rows() == [("J2", "修改"), ("JZ", "删除")]
    assert laid.labels.height == 0


def test_a_key_wrong_again_comes_with_the_deletion_of_the_right_one(piece: Piece) -> None:
    laid = piece.on(3)
    assert laid.text.select("certificate_no", OPERATION).rows() == [("JZ", "修改"), ("J2", "删除")]
    assert laid.labels.select("at", "key", "continues").rows() == [(0, "JZ", False)]
