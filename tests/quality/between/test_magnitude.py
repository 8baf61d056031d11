"""Amounts ten thousand times too small or too large for what stands nearest to them."""

from __future__ import annotations

import pytest

from tests.quality.between.tables import Tables

SETTLEMENTS = "medical_insurance/settlements"
CONTRIBUTIONS = "human_resources/contributions"
BILLS = "power_grid/bills"
FIRMS = "market_supervision/business_entities"
HOLDERS = "market_supervision/shareholders"
PENALTIES = "development_reform/administrative_penalties"
INCOME = "medical_insurance/fund_income"
REPORTS = "state_assets/financial_reports"
ACCOUNTS = "housing_fund/accounts"
ALLOWANCE = "civil_affairs/minimum_living_allowance"
PERMITS = "housing/construction_permits"


@pytest.fixture
def house() -> Tables:
    return Tables("magnitude")


def test_a_part_that_is_what_the_total_lacks_in_wan_is_found(house: Tables) -> None:
    house.put(
        SETTLEMENTS,
        """
        settlement_no|drug|examination | treatment | material | total | fund | personal|_failed
        S1            | 0.17    | 300         | 200       | 0        | 2198.94 | 2000 | 198.94   | 1
        S2            | 1698.94 | 300         | 200       | 0        | 2198.94 | 0.2  | 198.94   | 1
        S3            | 1698.94 | 300         | 200       | 0        | 2198.94 | 2000 | 198.94   | 0
        """,
    )
    assert house.found() == {(SETTLEMENTS, "S1", "drug"), (SETTLEMENTS, "S2", "fund")}
    assert ("0.17", "按合计推算应约为 1698.94 元") in house.details()


def test_a_total_that_is_wrong_otherwise_says_nothing_of_its_parts(house: Tables) -> None:
    house.put(
        SETTLEMENTS,
        """
        settlement_no|drug|examination | treatment | material | total | fund | personal|_failed
        S1            | 1698.94 | 300         | 200       | 0        | 0.22    | 2000 | 198.94   | 1
        S2            | 1698.94 | 300         | 200       | 0        | 2498.94 | 2000 | 198.94   | 1
        S3            | 0       | 300         | 200       | 0        | 2198.94 | 2000 | 198.94   | 1
        S4            |         | 300         | 200       | 0        | 2198.94 | 2000 | 198.94   | 1
        S5            | 0.17    | 300         | 200       | 0        | 500.17  | 500  | 0.17     | 0
        """,
    )
    assert house.found() == set()


def test_contributions_are_held_against_their_total_and_what_is_due(house: Tables) -> None:
    house.put(
        CONTRIBUTIONS,
        """
        detail_no | employer_amount | personal_amount | total  | due_amount | paid_amount | _failed
        C1        | 0.08            | 412.56          | 1237.68 | 1237.68   | 1237.68     | 1
        C2        | 825.12          | 0.04            | 1237.68 | 1237.68   | 1237.68     | 1
        C3        | 825.12          | 412.56          | 1237.68 | 1237.68   | 0.12        | 0
        C4        | 825.12          | 412.56          | 1237.68 | 1237.68   | 0           | 0
        C5        | 825.12          | 412.56          | 1237.68 | 1237.68   | 10          | 0
        C6        | 12              | 6               | 18      | 18        | 18          | 0
        """,
    )
    assert house.found() == {
        (CONTRIBUTIONS, "C1", "employer_amount"),
        (CONTRIBUTIONS, "C2", "personal_amount"),
        (CONTRIBUTIONS, "C3", "paid_amount"),
    }


def bills(*arrears: str, amount: str = "120") -> str:
    rows = [
        f"N1 | 2026-{month:02d} | {amount} | {owed}" for month, owed in enumerate(arrears, start=1)
    ]
    return "\n".join(("account_no | period | amount | arrears", *rows))


def test_arrears_of_a_fraction_of_every_bill_are_found(house: Tables) -> None:
    house.put(BILLS, bills("0", "0.02", "240", "0"))
    assert house.found() == {(BILLS, "N1\x1f2026-02", "arrears")}


def test_small_arrears_of_small_bills_and_of_short_histories_are_right(house: Tables) -> None:
    house.put(BILLS, bills("0", "0.02", "0", "0", amount="0.5"))
    house.put("water_supply/bills", bills("0", "0.02"))
    house.put("gas_supply/bills", bills("0", "9", "0"))
    assert house.found() == set()


def test_more_paid_in_than_a_hundred_times_what_is_subscribed_is_found(house: Tables) -> None:
    house.put(FIRMS, "uscc | registered_capital | currency\nF1 | 1000000 | CNY\nF2 | 1000000 | USD")
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent | paid_in
        F1   | P1        | 60            | 60
        F1   | P2        | 40            | 400000
        F2   | P1        | 100           | 1000000
        """,
    )
    assert house.found() == {(HOLDERS, "F1\x1fP2", "paid_in")}
    assert house.details() == [("400000", "按注册资本和持股比例，认缴约 40.00 万元")]


def test_where_the_capital_is_not_known_the_other_holders_stand_for_it(house: Tables) -> None:
    house.put(
        HOLDERS,
        """
        uscc | holder_id | share_percent | paid_in
        F1   | P1        | 50            | 85.4
        F1   | P2        | 40            | 68.3
        F1   | P3        | 10            | 170800
        F2   | P1        | 50            | 0
        F2   | P2        | 50            | 100000
        F3   | P1        | 50            | 1
        F3   | P2        | 50            | 500
        """,
    )
    assert house.found() == {(HOLDERS, "F1\x1fP3", "paid_in")}


def test_a_firm_of_which_every_holder_paid_too_much_has_its_capital_wrong(house: Tables) -> None:
    house.put(FIRMS, "uscc | registered_capital\nF1 | 1000")
    house.put(
        HOLDERS,
        "uscc | holder_id | share_percent | paid_in\nF1 | P1 | 60 | 60\nF1 | P2 | 40 | 40",
    )
    assert house.found() == set()


def test_a_fine_is_held_against_the_text_of_the_decision(house: Tables) -> None:
    house.put(
        PENALTIES,
        """
        name | document_no | content                        | fine_amount | confiscated_amount
        X    | 1           | 罚款3600元                     | 3600        |
        X    | 2           | 罚款3600元                     | 0.36        |
        X    | 3           | 罚款11300元，没收违法所得150元 | 1.13        | 150
        X    | 4           | 罚款3万元                      | 3           |
        X    | 5           | 警告                           | 3600        |
        """,
    )
    found = {(key.split("\x1f")[-1], column) for _, key, column in house.found()}
    assert found == {("1", "fine_amount"), ("3", "confiscated_amount")}


def test_a_month_ten_thousand_times_the_others_of_its_series_is_found(house: Tables) -> None:
    house.put(
        INCOME,
        """
        insurance_type | period  | division | income | other_income
        310            | 2026-01 | 370303   | 26.1   | 0.03
        310            | 2026-02 | 370303   | 261100 | 0.02
        310            | 2026-03 | 370303   | 25.9   | 300
        310            | 2026-04 | 370303   | 78.1   | 0.9
        390            | 2026-01 | 370303   | 261100 | 0.02
        """,
    )
    house.put(
        REPORTS,
        """
        uscc | period  | basis | assets  | profit
        F1   | 2026-01 | 1     | 8305.12 | -150
        F1   | 2026-02 | 1     | 8245.7  | -1770000
        F1   | 2026-03 | 1     | 8209.02 | 204
        """,
    )
    found = {(key.split("\x1f")[1], column) for _, key, column in house.found()}
    assert found == {("2026-02", "income"), ("2026-03", "other_income"), ("2026-02", "profit")}


def test_peers_tell_what_is_out_of_all_proportion(house: Tables) -> None:
    accounts = [f"A{at} | 01 | {5000 + 700 * at}" for at in range(30)]
    house.put(
        ACCOUNTS,
        "\n".join(
            ("account_no | status | balance", *accounts, "LOW | 01 | 1.57", "NEW | 01 | 300")
        ),
    )
    cases = [f"C{at} | 1 | {600 + 20 * at} | {40 + 30 * at}" for at in range(30)]
    house.put(
        ALLOWANCE,
        "\n".join(
            ("case_no | type | monthly_amount | declared_income", *cases,
             "LOW | 1 | 0.08 | 0.05", "ZERO | 1 | 700 | 0")
        ),
    )  # fmt: skip
    permits = [f"P{at} | {300 + 200 * at} |" for at in range(30)]
    house.put(
        PERMITS,
        "\n".join(
            ("permit_no | cost | area", *permits, "HIGH | 16000000 |", "AREA | 16000000 | 9")
        ),
    )
    assert house.found() == {
        (ACCOUNTS, "LOW", "balance"),
        (ALLOWANCE, "LOW", "monthly_amount"),
        (ALLOWANCE, "LOW", "declared_income"),
        (PERMITS, "HIGH", "cost"),
    }


def test_allowances_of_town_and_village_are_peers(house: Tables) -> None:
    cases = [f"C{at} | 2 | {600 + 20 * at} | {40 + 30 * at}" for at in range(30)]
    house.put(
        ALLOWANCE,
        "\n".join(
            ("case_no | type | monthly_amount | declared_income", *cases, "LOW | 1 | 900 | 0.05")
        ),
    )
    assert house.found() == {(ALLOWANCE, "LOW", "declared_income")}


def test_too_few_peers_tell_nothing(house: Tables) -> None:
    house.put(ACCOUNTS, "account_no | status | balance\nA1 | 01 | 5000\nA2 | 01 | 1.57")
    assert house.found() == set()
