"""A fault of ours on one delivery: nobody else's data waits, and no word of it is told."""

from __future__ import annotations

import polars as pl
import pytest

from assets.intake import stage, undo
from warehouse.log import State

from ..conftest import right_row

INCREMENT = {"mode": "increment"}


def _trips_over(province: str):
    """The standardising pass with a fault that shows on rows of one province."""
    sound = stage.standardise

    def faulty(raw, *rest):
        def trip(values: pl.Series) -> pl.Series:
            if (values == province).any():
                raise ValueError(f"cannot read {province}")
            return values

        return sound(raw.with_columns(pl.col("province").map_batches(trip, pl.String)), *rest)

    return faulty


@pytest.fixture
def after_a_fault(statistics, monkeypatch):
    """Three deliveries, the second of which our code tripped over."""
    with monkeypatch.context() as patched:
        patched.setattr(stage, "standardise", _trips_over("山东"))
        jiangsu, shandong = right_row(2020, "江苏", 200), right_row(2020, "山东", 100)
        statistics.put("gdp_2025-01-01.csv", jiangsu)
        statistics.put("gdp_2025-02-01.csv", jiangsu, shandong, manifest=INCREMENT)
        statistics.put("gdp_2025-03-01.csv", right_row(2021, "江苏", 210), manifest=INCREMENT)
        statistics.take()
    return statistics


def test_the_delivery_is_held_and_those_around_it_applied(after_a_fault):
    assert [(known.state, known.our_fault) for known in after_a_fault.house.log.deliveries] == [
        (State.APPLIED, False),
        (State.HELD, True),
        (State.APPLIED, False),
    ]
    assert set(after_a_fault.current()) == {(2020, "320000"), (2021, "320000")}


def test_the_agency_is_accused_of_nothing(after_a_fault):
    assert after_a_fault.open_defects() == set()


def test_what_is_told_names_kind_and_place_and_no_value(after_a_fault):
    message = after_a_fault.house.log.deliveries[1].message
    assert "属平台问题" in message
    assert "assets/intake/" in message
    assert "山东" not in message


def test_once_the_fault_is_mended_a_person_lets_the_delivery_through(after_a_fault):
    held = after_a_fault.house.log.deliveries[1]
    with after_a_fault.house.engine() as engine:
        undo.release(after_a_fault.house, engine, held.delivery, "值班员", "故障已修复")
    assert after_a_fault.house.log.get(held.delivery).our_fault is False
    everything = {(2020, "370000"), (2020, "320000"), (2021, "320000")}
    assert set(after_a_fault.current()) == everything


def test_the_machine_s_own_trouble_is_no_fault_of_the_delivery(statistics, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    statistics.put("gdp_2025-01-01.csv", right_row(2020, "山东", 100))
    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
        patched.setattr(stage, "standardise", full)
        statistics.take()
    statistics.take()
    assert [known.state for known in statistics.house.log.deliveries] == [State.APPLIED]
