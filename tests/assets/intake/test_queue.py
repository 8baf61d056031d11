"""Taking deliveries in: order, duplicates, refusals, and what is left alone."""

from __future__ import annotations

import os
from typing import Any

import pytest

from assets.intake.receipts import register
from warehouse.log import State

SHANDONG, JIANGSU = "370000", "320000"


def test_a_delivery_becomes_standard_rows_and_its_file_moves_to_the_archive(
    statistics: Any, line: Any
) -> None:
    path = statistics.put("gdp.csv", line(2024, "山东省", 1000), line(2024, "江苏省", 2000))
    (known,) = statistics.take().decided
    assert (known.state, known.counted, known.upserted) == (State.APPLIED, 2, 2)
    assert statistics.current() == {(2024, SHANDONG): 1000, (2024, JIANGSU): 2000}
    assert not path.exists()
    assert (statistics.house.home.archive / known.delivery / "gdp.csv").exists()


def test_the_same_file_again_changes_no_table_and_leaves_a_receipt(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("gdp.csv", line(2024, "山东省", 1000))
    tables = ("raw/statistics/regional_gdp", "standard/statistics/regional_gdp")
    before = [statistics.house.lake.version(name) for name in tables]
    assert statistics.deliver("again.csv", line(2024, "山东省", 1000)) == "duplicate"
    assert [statistics.house.lake.version(name) for name in tables] == before
    assert len(statistics.house.log.deliveries) == 2


def test_one_content_then_another_then_the_first_again_applies_three_times(
    statistics: Any, line: Any
) -> None:
    for total in (1000, 1001, 1000):
        assert statistics.deliver("gdp.csv", line(2024, "山东省", total)) == "applied"
        assert statistics.current() == {(2024, SHANDONG): total}


def test_a_late_delivery_never_overwrites_a_newer_value(statistics: Any, line: Any) -> None:
    statistics.deliver("gdp_20260601.csv", line(2024, "山东省", 1001), line(2023, "山东省", 900))
    statistics.deliver("gdp_20260501.csv", line(2024, "山东省", 1000), line(2023, "山东省", 900))
    assert statistics.current() == {(2024, SHANDONG): 1001, (2023, SHANDONG): 900}


def test_a_late_delivery_ends_where_one_in_time_would(
    statistics: Any, another: Any, line: Any
) -> None:
    old = [line(2023, "山东省", 900), line(2024, "山东省", 1000), line(2024, "江苏省", 1)]
    new = [line(2023, "山东省", 901), line(2024, "江苏省", 1)]
    more = {"manifest": {"mode": "increment"}}
    for name, lines in (("gdp_20260601.csv", new), ("gdp_20260501.csv", old)):
        statistics.deliver(name, *lines, **more)
    for name, lines in (("gdp_20260501.csv", old), ("gdp_20260601.csv", new)):
        another.deliver(name, *lines, **more)
    assert statistics.contents().equals(another.contents())


def test_an_increment_closes_nothing_that_it_does_not_contain(statistics: Any, line: Any) -> None:
    keyless, ragged = ",山东省,1000,100,400,500,0.1,0.4,0.5", "2022,山东省,1000"
    statistics.deliver("gdp_20260501.csv", line(2024, "山东省", 1000), keyless, ragged)
    found = statistics.open_defects()
    assert {rule for rule, _ in found} == {"key.missing", "record.ragged"}
    more = {"manifest": {"mode": "increment"}}
    statistics.deliver("gdp_20260601.csv", line(2023, "山东省", 900), **more)
    assert statistics.open_defects() == found


def test_a_refused_delivery_harms_no_other_and_becomes_a_defect(statistics: Any, line: Any) -> None:
    statistics.put("a.csv", line(2024, "山东省", 1000))
    statistics.put("b.csv", "2024,1", header="时间,数值")
    states = {known.file: known.state for known in statistics.take().decided}
    assert states == {"a.csv": State.APPLIED, "b.csv": State.REFUSED}
    assert statistics.current() == {(2024, SHANDONG): 1000}
    assert [rule for rule, _ in statistics.open_defects()] == ["delivery.wrong_header"]


@pytest.mark.parametrize(
    "manifest", [{"rows": 7}, {"sha256": "0" * 64}, {"rows": "seven"}, {"mode": "all of it"}]
)
def test_a_manifest_that_is_wrong_refuses_the_delivery(
    statistics: Any, line: Any, manifest: dict[str, object]
) -> None:
    state = statistics.deliver("gdp.csv", line(2024, "山东省", 1000), manifest=manifest)
    assert state == "refused"
    assert statistics.current() == {}


def test_the_manifests_time_orders_deliveries(statistics: Any, line: Any) -> None:
    statistics.put("a.csv", line(2024, "山东省", 1001), manifest={"as_of": "2026-06-01"})
    statistics.put("b.csv", line(2024, "山东省", 1000), manifest={"as_of": "2026-05-01"})
    assert [known.file for known in statistics.take().decided] == ["b.csv", "a.csv"]
    assert statistics.current() == {(2024, SHANDONG): 1001}


def test_every_applied_deliverys_rows_are_accounted_for(statistics: Any, line: Any) -> None:
    statistics.deliver(
        "gdp.csv",
        line(2024, "山东省", 1000),
        line(2024, "山东省", 1001),
        "2024,江苏省,7",
        line(2024, "", 5),
    )
    (known,) = statistics.house.log.deliveries
    assert (known.counted, known.accepted, known.rejected) == (4, 3, 1)
    assert (known.upserted, known.duplicated, known.quarantined) == (1, 1, 1)


def test_a_corrected_delivery_closes_what_it_proves(statistics: Any, line: Any) -> None:
    statistics.deliver("a.csv", "2024,山东省,-,100,400,500,0.1,0.4,0.5")
    assert ("gdp.null_word", f"2024|{SHANDONG}") in statistics.open_defects()
    statistics.deliver("b.csv", line(2024, "山东省", 1000))
    assert statistics.open_defects() == set()
    assert set(statistics.events()) == {"opened", "closed"}


def test_a_file_that_changed_after_its_receipt_is_taken_in_as_it_is_now(
    statistics: Any, line: Any
) -> None:
    statistics.put("gdp.csv", line(2024, "山东省", 1000))
    register(statistics.house)
    statistics.put("gdp.csv", line(2024, "山东省", 1001), line(2023, "山东省", 900))
    states = [(known.delivery, known.state) for known in statistics.take().decided]
    assert states == [("d000001", State.WITHDRAWN), ("d000002", State.APPLIED)]
    assert statistics.current() == {(2024, SHANDONG): 1001, (2023, SHANDONG): 900}
    assert statistics.open_defects() == set()


def test_a_file_that_changed_after_a_kill_leaves_nothing_of_what_it_was(
    statistics: Any, another: Any, line: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The end of the process."""

    def end(*_: object, **__: object) -> None:
        raise Killed

    statistics.put("gdp.csv", "2024,江苏省,-,1,1,1,0.1,0.4,0.5")
    register(statistics.house)
    with monkeypatch.context() as before_the_logs_last_word:
        before_the_logs_last_word.setattr(statistics.house.log, "record", end)
        with pytest.raises(Killed):
            statistics.take()
    assert statistics.house.lake.rows("standard/statistics/regional_gdp") == 1
    statistics.reopen()
    statistics.put("gdp.csv", line(2024, "山东省", 1001))
    another.put("gdp.csv", line(2024, "山东省", 1001))
    statistics.take()
    another.take()
    assert statistics.contents().equals(another.contents())
    assert statistics.open_defects() == set()


def test_a_file_that_changed_to_what_was_applied_before_is_no_reason_to_lose_it(
    statistics: Any, line: Any
) -> None:
    statistics.deliver("a.csv", line(2024, "山东省", 1000))
    statistics.put("b.csv", line(2024, "山东省", 1000))
    register(statistics.house)
    statistics.put("b.csv", line(2024, "山东省", 1001))
    assert [known.state for known in statistics.take().decided] == [State.WITHDRAWN, State.APPLIED]
    assert statistics.current() == {(2024, SHANDONG): 1001}


def test_a_broken_file_that_is_still_changing_waits_and_is_not_refused(
    statistics: Any, line: Any
) -> None:
    path = statistics.put("gdp.csv", header="年份,省")
    register(statistics.house)
    size, when = path.stat().st_size, path.stat().st_mtime_ns
    path.write_bytes(b"x" * size)
    os.utime(path, ns=(when, when))
    taken = statistics.take()
    assert (taken.decided, taken.waiting) == ([], ["gdp.csv"])
    assert path.exists()


def test_a_file_that_was_taken_away_after_its_receipt_is_refused_with_the_reason(
    statistics: Any, line: Any
) -> None:
    path = statistics.put("gdp.csv", line(2024, "山东省", 1000))
    register(statistics.house)
    path.unlink()
    (known,) = statistics.take().decided
    assert known.state is State.REFUSED and "已被移走" in known.message


def test_a_file_dated_in_the_future_stands_above_what_came_before_and_below_its_correction(
    statistics: Any, line: Any
) -> None:
    for file, total in (("20250101", 900), ("20991231", 1000)):
        statistics.deliver(f"gdp_{file}.csv", line(2024, "山东省", total))
        assert statistics.current() == {(2024, SHANDONG): total}
    assert {rule for rule, _ in statistics.open_defects()} == {"delivery.dated_ahead"}
    statistics.deliver("gdp_20250102.csv", line(2024, "山东省", 1001))
    assert statistics.current() == {(2024, SHANDONG): 1001}
    (_, ahead, _) = statistics.house.log.deliveries
    assert ahead.as_of.year == 2099 and ahead.ordered_at == ahead.first_seen


def test_of_several_files_dated_in_the_future_the_latest_date_stands(
    statistics: Any, line: Any
) -> None:
    statistics.put("a_20990201.csv", line(2024, "山东省", 2))
    statistics.put("z_20990101.csv", line(2024, "山东省", 1))
    statistics.take()
    assert statistics.current() == {(2024, SHANDONG): 2}


def test_a_key_that_comes_more_than_once_is_told_with_the_other_lines(
    statistics: Any, line: Any
) -> None:
    once = line(2023, "山东省", 900)
    twice = [line(2024, "山东省", total) for total in (1000, 1001, 1002)]
    statistics.deliver("gdp.csv", twice[0], once, *twice[1:])
    assert statistics.current() == {(2024, SHANDONG): 1002, (2023, SHANDONG): 900}
    assert {rule for rule, _ in statistics.open_defects()} == {"row.duplicate_key"}
    with statistics.house.engine() as engine:
        told = "SELECT kind, row, line, message FROM quality.main.findings"
        ((kind, row, place, message),) = engine.con.execute(told).fetchall()
    assert (kind, row, place) == ("note", 4, 5)
    assert message.endswith("与第 2、4 行重复")
