"""Sums of a year so far in the place of a month's, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.quality.between.tables import Tables

INCOME = "medical_insurance/fund_income"
REPORTS = "state_assets/financial_reports"


@pytest.fixture
def house() -> Tables:
    return Tables("cumulative")


def incomes(house: Tables, values: Mapping[str, float]) -> set[str]:
    """The months, of a fund with these incomes, that are found."""
    rows = [f"390 | {period} | 370303 | {value}" for period, value in values.items()]
    house.put(INCOME, "\n".join(("insurance_type | period | division | income", *rows)))
    return {key.split("\x1f")[1] for _, key, _ in house.found()}


def revenues(house: Tables, *values: float) -> set[str]:
    """The months from January, of a firm with these revenues to date, that are found."""
    rows = [f"F1 | 2026-{month:02d} | 1 | {value}" for month, value in enumerate(values, start=1)]
    house.put(REPORTS, "\n".join(("uscc | period | basis | revenue", *rows)))
    return {key.split("\x1f")[1] for _, key, _ in house.found()}


def test_an_income_of_as_many_months_as_have_passed_is_found(house: Tables) -> None:
    found = incomes(house, {"2023-04": 20.1, "2024-04": 21.0, "2025-04": 84.9, "2026-04": 22.7})
    assert found == {"2025-04"}
    assert house.details() == [("84.9", "约为该月正常数的 4.0 倍，已过 4 个月")]


def test_the_season_of_a_fund_is_no_sum(house: Tables) -> None:
    seasons = {"01": 14.0, "04": 6.0, "11": 18.0}
    years = {
        f"{year}-{month}": value for year in (2023, 2024, 2025) for month, value in seasons.items()
    }
    assert incomes(house, years) == set()


def test_another_size_than_the_sums_is_another_matter(house: Tables) -> None:
    assert incomes(house, {"2023-04": 20, "2024-04": 21, "2025-04": 45, "2026-04": 22}) == set()
    assert incomes(house, {"2023-05": 20, "2024-05": 21, "2025-05": 210000}) == set()


def test_january_and_february_tell_nothing(house: Tables) -> None:
    assert incomes(house, {"2023-02": 20, "2024-02": 21, "2025-02": 42, "2026-02": 22}) == set()


def test_one_other_year_is_not_enough(house: Tables) -> None:
    assert incomes(house, {"2025-04": 20, "2026-04": 80}) == set()


def test_revenue_to_date_that_was_added_up_again_is_found(house: Tables) -> None:
    assert revenues(house, 10, 20, 30, 40, 250, 60) == {"2026-05"}


def test_revenue_of_one_month_in_place_of_the_year_to_date_is_found(house: Tables) -> None:
    assert revenues(house, 10, 20, 30, 40, 50, 10) == {"2026-06"}
    assert house.details() == [("10", "仅为该月正常数的 0.2 倍，已过 6 个月")]


def test_revenue_that_grows_from_month_to_month_is_right(house: Tables) -> None:
    assert revenues(house, 8, 17, 27, 38, 50, 63, 77) == set()


def test_a_loss_that_grows_over_the_year_is_right(house: Tables) -> None:
    rows = "\n".join(f"F1 | 2026-{m:02d} | 1 | {-25 * m}" for m in range(1, 8))
    house.put(REPORTS, f"uscc | period | basis | profit\n{rows}")
    assert house.found() == set()
