"""Rules between datasets, from the delivery to the ledger, over a small home of GDP tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from assets import freshness
from assets.between import judge_between
from assets.intake import undo
from assets.notes import forget
from catalog.models.rules import Dimension
from quality.between.evaluate import Outcome, State
from quality.between.model import Accused, BetweenRule

REF = "statistics/regional_gdp"
FELL = """
    select 'statistics/regional_gdp' as dataset, now._agency as agency, now._key as key,
        'gdp' as "column", now._delivery as delivery, now._row as row, now.gdp::varchar as value,
        '上一年为 ' || before.gdp::bigint as detail
    from standard.statistics.regional_gdp as now
    join standard.statistics.regional_gdp as before
        on before.province = now.province and before.year = now.year - 1
    where now.gdp < before.gdp / 2
"""
BROKEN = "select no_such_column as dataset from standard.statistics.regional_gdp"


class Written(BetweenRule):
    """A rule whose query is written out in the test."""

    sql: str

    @property
    def query(self) -> str:
        return self.sql


def rule(sql: str = FELL, **more: Any) -> Written:
    return Written(
        name="gdp_fell", title="总量骤降", accused=(Accused(dataset=REF, column="gdp"),),
        dimension=Dimension.ACCURACY, severity="query", message="不足上一年的一半",
        tells=(), standard="统计惯例", how_to_correct="核实", sql=sql, **more,
    )  # fmt: skip


def judge(statistics: Any, asked: BetweenRule | None = None) -> dict[str, int]:
    """The ledger's new events by kind."""
    with statistics.house.engine() as engine:
        return judge_between(statistics.house, engine, [asked or rule()]).events


def outcome(statistics: Any, asked: BetweenRule) -> Outcome:
    with statistics.house.engine() as engine:
        (told,) = judge_between(statistics.house, engine, [asked]).outcomes
    return told


def last_event(statistics: Any) -> tuple[str, str, int | None, str]:
    """event, delivery, row, reason"""
    engine = statistics.engine()
    found = engine.con.execute(
        "select event, delivery, row, reason from quality.main.defect_events "
        "where kind = 'between' order by event_no desc limit 1"
    ).fetchone()
    engine.close()
    assert found is not None
    return found


def years(line: Any, *totals: int) -> list[str]:
    return [line(2020 + n, "山东省", total) for n, total in enumerate(totals)]


def test_a_row_that_only_another_row_shows_wrong_is_accused_once(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    assert judge(statistics) == {"opened": 1}
    assert last_event(statistics) == ("opened", "d000001", 3, "上一年为 1100")
    assert judge(statistics) == {}
    assert statistics.open_defects() == {("between.gdp_fell", "2022|370000")}


def test_a_later_delivery_that_says_the_same_closes_nothing(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    statistics.deliver("b.csv", *years(line, 1000, 1100, 300, 310))
    assert judge(statistics) == {}
    assert statistics.open_defects() == {("between.gdp_fell", "2022|370000")}


def test_the_corrected_row_closes_it_and_a_relapse_reopens_it(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    statistics.deliver("b.csv", *years(line, 1000, 1100, 1200))
    assert judge(statistics) == {"closed": 1}
    assert last_event(statistics)[:3] == ("closed", "d000002", 3)
    statistics.deliver("c.csv", *years(line, 1000, 1100, 300))
    assert judge(statistics) == {"reopened": 1}


def test_the_agencys_correction_of_the_row_beside_it_closes_it(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 100, 1100, 300))
    judge(statistics)
    statistics.reopen(datetime(2026, 11, 23, 15))
    statistics.deliver("b.csv", *years(line, 100, 310, 300))
    assert judge(statistics) == {"closed": 1}
    event, delivery, _, reason = last_event(statistics)
    assert (event, delivery) == ("closed", "d000002")
    assert "相关数据" in reason


def test_the_row_right_all_along_is_withdrawn_when_the_rule_changes(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    assert judge(statistics, rule(FELL.replace("/ 2", "/ 10"), version=2)) == {"withdrawn": 1}
    assert statistics.open_defects() == set()


def test_a_withdrawn_delivery_takes_its_accusations_along(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100))
    statistics.deliver("b.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    with statistics.house.engine() as engine:
        undo.withdraw(statistics.house, engine, "d000002", "数据管理专员", "误报")
    assert judge(statistics) == {"withdrawn": 1}
    assert statistics.open_defects() == set()


def test_a_row_that_a_withdrawal_brings_back_was_not_corrected(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 1200))
    statistics.deliver("b.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    with statistics.house.engine() as engine:
        undo.withdraw(statistics.house, engine, "d000002", "数据管理专员", "误报")
    assert judge(statistics) == {"withdrawn": 1}
    event, delivery, _, reason = last_event(statistics)
    assert (event, delivery) == ("withdrawn", "d000002") and "撤回" in reason


def test_without_its_reference_a_rule_takes_back_what_it_said(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    needy = rule(needs=("health/death_certificates",), version=2)
    assert judge(statistics, needy) == {"withdrawn": 1}


def test_a_rule_that_cannot_be_run_is_our_failure_and_nobodys_defect(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    broken = rule(BROKEN, version=2)
    told = outcome(statistics, broken)
    assert (told.state, told.reason) == (State.FAILED, "BinderException")
    assert statistics.open_defects() == {("between.gdp_fell", "2022|370000")}
    assert outcome(statistics, broken).state is State.FAILED


def test_a_rule_that_failed_is_asked_again_in_the_state_in_which_it_was_judged(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    freshness.made(statistics.house, freshness.BETWEEN)
    assert outcome(statistics, rule(BROKEN, version=2)).state is State.FAILED
    assert freshness.BETWEEN in freshness.stale(statistics.house)
    assert outcome(statistics, rule()).state is State.JUDGED
    assert recorded(statistics) == ["judged", "failed", "judged"]


def test_an_outcome_is_written_once_for_all_askings_that_end_alike_over_the_same(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    for _ in range(2):
        assert outcome(statistics, rule(BROKEN)).state is State.FAILED
    for _ in range(2):
        assert outcome(statistics, rule()).state is State.JUDGED
        forget(statistics.house, [rule().id])
    assert recorded(statistics) == ["failed", "judged"]


def recorded(statistics: Any) -> list[str]:
    """States of the rule's outcomes, in order."""
    engine = statistics.engine()
    found = engine.con.execute(
        "select state from quality.main.between_outcomes order by no"
    ).fetchall()
    engine.close()
    return [state for (state,) in found]


def test_what_a_standing_finding_is_held_against_is_kept_in_step(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    statistics.deliver("b.csv", *years(line, 1000, 1200, 300))
    assert judge(statistics) == {}
    assert last_event(statistics)[3] == "上一年为 1100"
    engine = statistics.engine()
    found = engine.con.execute(
        "select delivery, detail from quality.main.between_standing where rule like 'between.%'"
    ).fetchall()
    engine.close()
    assert found == [("d000001", "上一年为 1200")]


def test_what_has_ended_stands_no_more(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    judge(statistics)
    statistics.deliver("b.csv", *years(line, 1000, 1100, 1200))
    assert judge(statistics) == {"closed": 1}
    engine = statistics.engine()
    found = engine.con.execute(
        "select count(*) from quality.main.between_standing where rule like 'between.%'"
    ).fetchall()
    engine.close()
    assert found == [(0,)]


def test_a_rule_accuses_only_what_it_declares(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    told = outcome(statistics, rule(FELL.replace("'gdp' as", "'year' as")))
    assert (told.state, told.reason) == (State.FAILED, f"accuses {REF}.year")


def test_without_its_reference_a_rule_is_not_asked(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", *years(line, 1000, 1100, 300))
    told = outcome(statistics, rule(needs=("health/death_certificates",)))
    assert (told.state, told.reason) == (State.LACKING, "health/death_certificates")
    assert statistics.open_defects() == set()


def test_an_implausible_share_of_accused_rows_accuses_nobody(statistics: Any, line: Any) -> None:
    fallen = [line(1900 + n, "山东省", 1000 if n % 2 == 0 else 100) for n in range(60)]
    statistics.deliver("a.csv", *fallen)
    told = outcome(statistics, rule())
    assert (told.state, told.reason) == (State.IMPLAUSIBLE, f"{REF}: 30 of 60")
    assert "between.gdp_fell" not in {broken for broken, _ in statistics.open_defects()}


RIDERSHIP = "public_transit/bus_ridership"
RIDES = "线路编号,运营日期,运营班次,客运量（人次）,准点班次\n1路,2026-11-25,80,2400,76\n"


def ride(home: Any, text: str = RIDES) -> list[str]:
    """A day of bus lines put and taken in; the states of what was decided."""
    file = home.house.home.landing / RIDERSHIP / "rides.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return [str(known.state) for known in home.take().decided]


def without_rides(another: Any, line: Any) -> None:
    """A home in which daily data are missing: it took in a yearly table three days ago."""
    another.deliver("a.csv", *years(line, 1000, 1100))
    another.reopen(datetime(2026, 11, 26, 9))
    daily = [
        ref
        for ref, dataset in another.house.catalog.datasets.items()
        if dataset.update_cycle in ("hourly", "daily")
    ]
    assert RIDERSHIP in daily
    assert judge(another) == {"opened": len(daily)}
    assert missing(another) == set(daily)


def test_a_pilot_of_few_datasets_is_told_of_no_other_on_its_second_day(
    another: Any, line: Any
) -> None:
    another.deliver("a.csv", *years(line, 1000, 1100))
    assert judge(another) == {}
    another.reopen(datetime(2026, 11, 24, 9))
    assert judge(another) == {}


def test_what_was_never_delivered_is_told_once_its_cycle_is_over_until_it_comes(
    another: Any, line: Any
) -> None:
    without_rides(another, line)
    assert judge(another) == {}
    event, delivery, row, reason = last_absence(another, "opened")
    assert (event, delivery, row) == ("opened", "", None) and "首次报送" in reason
    assert ride(another) == ["applied"]
    assert judge(another) == {"closed": 1}
    assert last_absence(another, "closed") == ("closed", "d000002", None, "已报送批次 d000002")
    assert RIDERSHIP not in missing(another)


def test_what_was_never_delivered_has_come_even_when_it_is_refused(another: Any, line: Any) -> None:
    without_rides(another, line)
    assert ride(another, "无\n") == ["refused"]
    assert judge(another) == {"closed": 1}
    assert last_absence(another, "closed") == ("closed", "d000002", None, "已报送批次 d000002")


def test_what_was_overdue_has_come_even_when_it_is_held(another: Any, line: Any) -> None:
    another.reopen(datetime(2025, 3, 3, 9))
    another.deliver("a.csv", *years(line, *range(1000, 1050)))
    another.reopen(datetime(2026, 11, 23, 9))
    judge(another)
    assert REF in missing(another)
    another.reopen(datetime(2026, 11, 24, 9))
    assert another.deliver("b.csv", *years(line, 1000)) == "held"
    assert judge(another)["closed"] == 1
    assert last_absence(another, "closed") == ("closed", "d000002", None, "已报送批次 d000002")


def missing(home: Any) -> set[str]:
    """Datasets of which nothing came, or not in time."""
    engine = home.engine()
    rows = engine.con.execute(
        "select dataset from quality.main.defect_events where kind = 'absence' "
        "qualify row_number() over (partition by defect order by event_no desc) = 1 "
        "and event in ('opened', 'reopened')"
    ).fetchall()
    engine.close()
    return {dataset for (dataset,) in rows}


def last_absence(statistics: Any, event: str) -> tuple[str, str, int | None, str]:
    engine = statistics.engine()
    found = engine.con.execute(
        "select event, delivery, row, reason from quality.main.defect_events "
        "where kind = 'absence' and event = $1 order by event_no desc limit 1",
        [event],
    ).fetchone()
    engine.close()
    assert found is not None
    return found
