"""Scores of a small agency: counted by hand, kept, and counted anew only for what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import pytest

from assets.between import judge_between
from assets.intake import undo
from assets.intake.undo import rejudge_changed
from assets.lakehouse import Lakehouse
from assets.scores import agency_scores, score
from catalog.models.rules import Dimension
from quality.between.model import Accused, BetweenRule

REF = "statistics/regional_gdp"
NO_TOTAL = "2022,山东省,-,100,400,500,0.1,0.4,0.5"
WRONG_SUM = "2021,山东省,1000,100,400,600,0.1,0.4,0.5"

Figures = dict[str, tuple[int, int]]


def count(statistics: Any) -> dict[str, int]:
    """Subjects counted anew, by level."""
    with statistics.house.engine() as engine:
        return score(statistics.house, engine)


def lines(statistics: Any, level: str, subject: str) -> list[Figures]:
    """Dimension → (A, B), for each time the subject was counted; unasked dimensions left out."""
    engine = statistics.engine()
    rows = engine.con.execute(
        "SELECT dimension, passed, asked FROM quality.main.scores "
        "WHERE level = ? AND subject = ? ORDER BY no",
        [level, subject],
    ).fetchall()
    engine.close()
    return [
        {
            dimension: (passed, asked)
            for dimension, passed, asked in rows[first : first + 6]
            if asked
        }
        for first in range(0, len(rows), 6)
    ]


@pytest.fixture
def faulty(statistics: Any, line: Any) -> Any:
    """Two right rows, one whose total says "-", one whose sectors give more than the total."""
    statistics.deliver(
        "a_20250101.csv",
        line(2024, "山东省", 1000),
        line(2023, "山东省", 1000),
        NO_TOTAL,
        WRONG_SUM,
    )
    return statistics


def test_numerators_and_denominators_are_those_counted_by_hand(faulty: Any) -> None:
    assert count(faulty) == {"delivery": 1, "dataset": 1, "agency": 1}
    now: Figures = {
        # Six required columns of four rows, one cell of them empty; four rows have a key.
        "completeness": (23 + 4, 24 + 4),
        # Nine columns of four rows less the "-"; four records could be read.
        "conformity": (35 + 4, 35 + 4),
        # A range for eight columns less the "-"; four rows whose key is not repeated.
        "accuracy": (31 + 4, 31 + 4),
        # Four sums of the three rows that have all figures; one row fails the total and a share.
        "consistency": (10, 12),
        "accessibility": (1, 1),
    }
    assert lines(faulty, "dataset", REF) == lines(faulty, "agency", "statistics") == [now]
    # In the delivered text a "-" is something: the rules were asked of four rows.
    assert lines(faulty, "delivery", "d000001") == [now | {"consistency": (14, 16)}]


def test_what_did_not_change_is_not_counted_again(faulty: Any) -> None:
    count(faulty)
    version = faulty.house.lake.version("quality/scores")
    assert count(faulty) == {}
    faulty.reopen()
    assert count(faulty) == {}
    assert faulty.house.lake.version("quality/scores") == version


def test_a_correction_raises_the_score_of_now_and_leaves_that_of_its_delivery(
    faulty: Any, line: Any
) -> None:
    count(faulty)
    faulty.deliver("b_20250201.csv", *(line(year, "山东省", 1000) for year in range(2021, 2025)))
    assert count(faulty) == {"delivery": 1, "dataset": 1, "agency": 1}
    before, after = lines(faulty, "dataset", REF)
    assert (before["completeness"], after["completeness"]) == ((27, 28), (28, 28))
    assert (before["consistency"], after["consistency"]) == ((10, 12), (16, 16))
    assert [each["completeness"] for each in lines(faulty, "delivery", "d000001")] == [(27, 28)]


def test_a_withdrawn_accusation_is_counted_again_and_both_figures_stay(faulty: Any) -> None:
    count(faulty)
    catalog = faulty.house.catalog
    dataset = catalog.datasets[REF]
    milder = tuple(
        rule.model_copy(update={"check": rule.check.replace("0.025", "200")})
        for rule in dataset.rules
    )
    corrected = dataset.model_copy(update={"rules": milder})
    datasets = MappingProxyType({**catalog.datasets, REF: corrected})
    house = Lakehouse.open(
        faulty.home, faulty.house.clock, replace(catalog, datasets=datasets, _codes={})
    )
    faulty.house = house
    with house.engine() as engine:
        rejudge_changed(house, engine, [REF])
    assert count(faulty) == {"delivery": 1, "dataset": 1, "agency": 1}
    # The sum is right now; the share of the total still is not.
    for level, subject, of in (("dataset", REF, 12), ("agency", "statistics", 12)):
        first, second = lines(faulty, level, subject)
        assert (first["consistency"], second["consistency"]) == ((of - 2, of), (of - 1, of))
    first, second = lines(faulty, "delivery", "d000001")
    assert (first["consistency"], second["consistency"]) == ((14, 16), (15, 16))


def test_a_refused_delivery_costs_accessibility_until_the_next_one_is_taken_in(
    faulty: Any, line: Any
) -> None:
    faulty.deliver("b_20250201.csv", header="这,不是,表头")
    count(faulty)
    assert lines(faulty, "delivery", "d000002") == [{"accessibility": (0, 1)}]
    assert lines(faulty, "agency", "statistics")[-1]["accessibility"] == (0, 1)
    years = line(2024, "山东省", 1000), line(2023, "山东省", 1100)
    faulty.deliver("c_20250202.csv", *years, NO_TOTAL, WRONG_SUM)
    count(faulty)
    assert lines(faulty, "agency", "statistics")[-1]["accessibility"] == (1, 1)
    assert lines(faulty, "delivery", "d000002") == [{"accessibility": (0, 1)}]


def came(statistics: Any, on: str, name: str, *rows: str) -> None:
    """A delivery taken in on that day."""
    statistics.reopen(datetime.fromisoformat(f"{on}T09:00"))
    statistics.deliver(name, *rows)


def late(statistics: Any) -> list[str]:
    """Deliveries that the ledger calls late."""
    engine = statistics.engine()
    rows = engine.con.execute(
        "SELECT delivery FROM quality.main.findings WHERE rule = 'delivery.late' ORDER BY ALL"
    ).fetchall()
    engine.close()
    return [delivery for (delivery,) in rows]


def test_a_delivery_that_its_report_calls_late_is_late_in_each_row_and_no_other(
    statistics: Any, line: Any
) -> None:
    came(statistics, "2024-01-08", "a_20240108.csv", line(2023, "山东省", 1000))
    # A year and fifteen working days later, and the year after a day later than that.
    came(statistics, "2025-02-05", "b_20250131.csv", line(2023, "山东省", 1100))
    came(statistics, "2026-03-05", "c_20260301.csv", line(2023, "山东省", 1200))
    count(statistics)
    told = [lines(statistics, "delivery", f"d00000{n}")[0].get("timeliness") for n in (1, 2, 3)]
    assert told == [None, (1, 1), (0, 1)]
    assert late(statistics) == ["d000003"]


def test_nobody_becomes_late_by_what_was_withdrawn_after_it_came(
    statistics: Any, line: Any
) -> None:
    came(statistics, "2024-01-08", "a_20240108.csv", line(2023, "山东省", 1000))
    came(statistics, "2025-02-05", "b_20250205.csv", line(2023, "山东省", 1100))
    came(statistics, "2025-03-10", "c_20250131.csv", line(2023, "山东省", 1200))
    statistics.reopen(datetime(2025, 3, 10, 10))
    with statistics.house.engine() as engine:
        undo.withdraw(statistics.house, engine, "d000002", "数据管理专员", "试验")
    count(statistics)
    assert lines(statistics, "delivery", "d000003")[-1]["timeliness"] == (1, 1)
    assert late(statistics) == []


def test_records_that_cannot_be_read_and_rows_without_key_count_as_such(
    statistics: Any, line: Any
) -> None:
    statistics.deliver(
        "a.csv", line(2024, "山东省", 1000), line(2023, "", 1000), "1,2,3,4,5,6,7,8,9,10"
    )
    count(statistics)
    (delivered,) = lines(statistics, "delivery", "d000001")
    # Two rows of six required columns, one province missing; one of two rows has a key.
    assert delivered["completeness"] == (11 + 1, 12 + 2)
    # Nine columns of two rows without that province; two of three records could be read.
    assert delivered["conformity"] == (17 + 2, 17 + 3)
    (now,) = lines(statistics, "dataset", REF)
    assert now["completeness"] == (6 + 1, 6 + 2)
    assert now["conformity"] == (9 + 1, 9 + 2)


def test_a_withdrawn_delivery_counts_no_longer(faulty: Any) -> None:
    count(faulty)
    with faulty.house.engine() as engine:
        undo.withdraw(faulty.house, engine, "d000001", "数据管理专员", "试验")
    assert count(faulty) == {"delivery": 1, "dataset": 1, "agency": 1}
    for level, subject in (("delivery", "d000001"), ("dataset", REF), ("agency", "statistics")):
        first, second = lines(faulty, level, subject)
        assert first and not second
    assert count(faulty) == {}


def judge(statistics: Any) -> None:
    """Looks for what is missing, as the run of that day does."""
    with statistics.house.engine() as engine:
        judge_between(statistics.house, engine, [])


def now(statistics: Any, subject: str = REF, level: str = "dataset") -> tuple[int, int] | None:
    """A and B of the last count of punctuality."""
    count(statistics)
    told = lines(statistics, level, subject)
    return told[-1].get("timeliness") if told else None


def test_what_is_overdue_costs_its_dataset_punctuality_until_it_comes(
    statistics: Any, line: Any
) -> None:
    came(statistics, "2024-01-08", "a_20240108.csv", line(2023, "山东省", 1000))
    assert now(statistics) is None
    statistics.reopen(datetime(2025, 6, 3, 9))
    judge(statistics)
    assert now(statistics) == (0, 1)
    came(statistics, "2025-06-04", "b_20250604.csv", line(2023, "山东省", 1100))
    judge(statistics)
    assert now(statistics) == (1, 1)
    assert count(statistics) == {}


def test_what_was_never_delivered_is_one_thing_asked_of_its_owner_and_nothing_else(
    statistics: Any, line: Any
) -> None:
    came(statistics, "2025-01-08", "a_20250108.csv", line(2023, "山东省", 1000))
    statistics.reopen(datetime(2025, 3, 10, 9))
    judge(statistics)
    people = "public_security/registered_population"
    assert now(statistics, people) == (0, 1)
    assert lines(statistics, "dataset", people) == [{"timeliness": (0, 1)}]
    owned = [ref for ref in statistics.house.catalog.datasets if ref.startswith("public_security/")]
    assert now(statistics, "public_security", "agency") == (0, len(owned))
    assert now(statistics) is None


def test_an_agency_that_delivers_nothing_has_the_worst_punctuality_not_none(
    statistics: Any, line: Any
) -> None:
    came(statistics, "2025-01-08", "a_20250108.csv", line(2023, "山东省", 1000))
    statistics.reopen(datetime(2025, 3, 10, 9))
    judge(statistics)
    count(statistics)
    with statistics.house.engine() as engine:
        table = agency_scores(statistics.house.catalog, engine)
    names = [row.split(" | ")[0].removeprefix("| ") for row in table.splitlines()[2:]]
    assert names == sorted(names) and len(names) > 10
    (row,) = [row for row in table.splitlines() if "公安局" in row and "淄博市公安局" in row]
    assert row.split("|")[2:-1] == [" — ", " — ", " 0.00% ", " — "]


@pytest.fixture
def accusing(statistics: Any, line: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Asks a rule between rows whose query is given, and counts the scores after it."""
    statistics.deliver("a.csv", line(2023, "山东省", 1000), line(2022, "山东省", 900))

    def ask(sql: str, version: int = 1) -> None:
        asked = Written(
            name="gdp_fell", version=version, title="总量骤降",
            accused=(Accused(dataset=REF, column="gdp"),), tells=(),
            dimension=Dimension.CONSISTENCY, severity="error", message="不足上一年的一半",
            standard="统计惯例", how_to_correct="核实", plausible=1, sql=sql,
        )  # fmt: skip
        monkeypatch.setattr("assets.scores.between_rules", lambda: (asked,))
        with statistics.house.engine() as engine:
            judge_between(statistics.house, engine, [asked])
        count(statistics)

    return ask


class Written(BetweenRule):
    """A rule whose query is written out in the test."""

    sql: str

    @property
    def query(self) -> str:
        return self.sql


FOUND = (
    "select 'statistics/regional_gdp' as dataset, _agency as agency, _key as key, "
    "'gdp' as \"column\", _delivery as delivery, _row as row, gdp::varchar as value, "
    "'核实' as detail from standard.statistics.regional_gdp where year = {}"
)


def test_a_rule_that_fails_to_be_asked_makes_no_score_better_while_its_findings_stand(
    statistics: Any, accusing: Any
) -> None:
    accusing(FOUND.format(2023))
    judged = lines(statistics, "dataset", REF)[-1]["consistency"]
    accusing("select no_such_column from standard.statistics.regional_gdp", version=2)
    assert lines(statistics, "dataset", REF)[-1]["consistency"] == judged
    assert judged[1] - judged[0] == 1


def test_a_rule_that_fails_to_be_asked_and_accuses_nobody_takes_no_part(
    statistics: Any, accusing: Any
) -> None:
    accusing(FOUND.format(1990))
    passed, asked = lines(statistics, "dataset", REF)[-1]["consistency"]
    accusing("select no_such_column from standard.statistics.regional_gdp", version=2)
    assert lines(statistics, "dataset", REF)[-1]["consistency"] == (passed - 2, asked - 2)
