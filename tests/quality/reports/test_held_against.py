"""What a report tells of the data that a value was held against."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from quality.reports import write_reports
from quality.reports.collect import Previous, collect, reporting
from quality.reports.listed import WITHHELD
from quality.tickets import tickets
from tests.quality.reports.small_city import SmallCity

FUND = "medical_insurance/fund_income"
MONTH: dict[str, str | None] = {
    "insurance_type": "310",
    "period": "2026-01",
    "division": "370303",
    "income": "123456",
    "other_income": "78.9",
}
MAGNITUDE = "between.magnitude"
CAPITAL = "market_supervision/business_entities"
"""Of its `registered_capital` the rule tells."""
SAID = "按注册资本，约 8846271 元"


@pytest.fixture
def city(tmp_path: Path) -> SmallCity:
    """A month's income stands accused."""
    city = SmallCity(tmp_path, FUND, "medical_insurance")
    city.deliver(MONTH)
    return city


def accuse(city: SmallCity, rule: str = MAGNITUDE, said: str | None = SAID) -> None:
    """The income is accused; `said` is what the rule said when it was asked last."""
    ((key,),) = city.con.execute(f"select _key from held_by.{city.table}").fetchall()
    city.accuse(rule, key, "income", "d000001", 1)
    if said is not None:
        city.con.execute(
            "insert into quality.main.between_standing "
            "values ($1, 1, 1, $2, $3, $4, 'income', 'd000001', $5)",
            [rule, FUND, city.agency, key, said],
        )


def hide_capital(city: SmallCity) -> None:
    """From now on the capital of firms is of a grade that is masked."""
    dataset = city.catalog.datasets[CAPITAL]
    columns = tuple(
        column.model_copy(update={"grade": 3}) if column.id == "registered_capital" else column
        for column in dataset.columns
    )
    changed = dataset.model_copy(update={"columns": columns})
    datasets = MappingProxyType(dict(city.catalog.datasets) | {CAPITAL: changed})
    city.catalog = replace(city.catalog, datasets=datasets, _codes={})


def message(city: SmallCity) -> str:
    """What the report says of the one defect."""
    with reporting(city.con) as cursor:
        told = collect(
            cursor, city.catalog, tickets(city.con, city.catalog), city.agency, city.now.date(),
            city.now, Previous(),
        )  # fmt: skip
    ((defect,),) = (section.defects for section in told.sections)
    return defect.message


def test_a_report_tells_what_the_rule_said_last(city: SmallCity) -> None:
    accuse(city)
    assert message(city).endswith(f"（{SAID}）")


def test_or_at_the_opening_where_nothing_was_kept(city: SmallCity) -> None:
    accuse(city, said=None)
    assert message(city).endswith("（与income比对不符）")


def test_stray_numbers_of_persons_are_blanked(city: SmallCity) -> None:
    accuse(city, said="登记为 370303198503170016")
    assert message(city).endswith("（登记为 ***）")


def test_what_others_delivered_is_withheld_where_it_is_masked(
    city: SmallCity, tmp_path: Path
) -> None:
    accuse(city)
    hide_capital(city)
    assert message(city).endswith(f"（{WITHHELD}）")
    (written,) = write_reports(
        city.con, city.catalog, tmp_path / "outbox", city.now.date(), city.now, [city.agency]
    )
    document = (written.folder / "quality-report.json").read_text(encoding="utf-8")
    assert WITHHELD in document and "8846271" not in document


def test_of_a_rule_that_is_declared_no_more_nothing_is_told(city: SmallCity) -> None:
    accuse(city, rule="between.retired")
    assert message(city).endswith(f"（{WITHHELD}）")
