"""Counter-based randomness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.city.rng import Draws

INDEX = np.arange(20_000)


def test_a_value_depends_on_its_index_alone_not_on_the_chunk_it_is_drawn_in() -> None:
    draws = Draws(1, "ages")
    whole = draws.bits(INDEX, 3)
    pieces = [draws.bits(INDEX[start : start + 777], 3) for start in range(0, len(INDEX), 777)]
    assert np.array_equal(whole, np.concatenate(pieces))
    assert np.array_equal(whole[::-1], draws.bits(INDEX[::-1], 3))


def test_seed_stream_and_draw_each_give_other_values() -> None:
    same = Draws(1, "ages").bits(INDEX)
    assert np.array_equal(same, Draws(1, "ages").bits(INDEX))
    for other in (
        Draws(2, "ages").bits(INDEX), Draws(1, "names").bits(INDEX), Draws(1, "ages").bits(INDEX, 1)
    ):  # fmt: skip
        assert not (same == other).any()


def test_uniform_values_fill_the_unit_interval_evenly_and_neighbours_are_unrelated() -> None:
    values = Draws(5, "u").uniform(INDEX)
    assert values.min() >= 0 and values.max() < 1
    counts = np.histogram(values, bins=20, range=(0, 1))[0]
    expected = len(INDEX) / 20
    assert ((counts - expected) ** 2 / expected).sum() < 45  # chi square, 19 degrees: p = 0.0007
    assert abs(np.corrcoef(values[:-1], values[1:])[0, 1]) < 0.03


def test_choices_come_in_proportion_to_their_weights_and_never_without_weight() -> None:
    chosen = Draws(5, "c").choice(INDEX, [1, 0, 3])
    counts = np.bincount(chosen, minlength=3)
    assert counts[1] == 0
    assert counts[2] / counts[0] == pytest.approx(3, rel=0.1)


def test_integers_stay_within_their_bounds_and_an_empty_range_gives_its_lower_end() -> None:
    low = np.array([5, 5, -3])
    high = np.array([9, 5, 0])
    drawn = Draws(1, "i").integers(
        np.arange(3000) % 1000, np.resize(low, 3000), np.resize(high, 3000)
    )
    for place, allowed in enumerate(({5, 6, 7, 8}, {5}, {-3, -2, -1})):
        assert set(drawn[place::3].tolist()) == allowed


def test_bands_are_hit_by_weight_and_left_nowhere() -> None:
    values = Draws(1, "b").banded(INDEX, [[0, 1, 1], [10, 20, 3]])
    assert (((values >= 0) & (values < 1)) | ((values >= 10) & (values < 20))).all()
    assert (values >= 10).mean() == pytest.approx(0.75, abs=0.02)


def test_normal_values_have_mean_and_deviation() -> None:
    values = Draws(9, "n").normal(INDEX, 10.0, 2.0)
    assert values.mean() == pytest.approx(10, abs=0.06)
    assert values.std() == pytest.approx(2, abs=0.05)


@given(size=st.integers(1, 3000), seed=st.integers(0, 5))
def test_shuffling_is_a_bijection_whatever_the_size(size: int, seed: int) -> None:
    places = Draws(seed, "s").shuffled(np.arange(size), size)
    assert np.array_equal(np.sort(places), np.arange(size))
