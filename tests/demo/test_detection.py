"""The whole command: a city or a folder of deliveries in, a table and an exit status out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from demo.city.defects.labels import COLLATERAL, LABELS
from demo.detection import Accusations, main, shortfalls
from demo.score import OTHER_RULES, Score

RESIDENTS = "500"


def result(*kinds: tuple[str, int, int, int]) -> Score:
    """A score of (kind, labels, found, false)."""
    counts = pl.DataFrame(kinds, schema=["kind", "labels", "found", "false"], orient="row")

    def rated(frame: pl.DataFrame) -> pl.DataFrame:
        accused = pl.col("found") + pl.col("false")
        return frame.with_columns(
            recall=pl.when(pl.col("labels") > 0).then(pl.col("found") / pl.col("labels")),
            precision=pl.when(accused > 0).then(pl.col("found") / accused),
        )

    total = rated(counts.select(pl.col("labels", "found", "false").sum()))
    empty = LABELS.to_frame()
    return Score(rated(counts), total, COLLATERAL.to_frame(), empty, 0)


@pytest.mark.parametrize(
    ("kinds", "below"),
    [
        ([("a", 1000, 1000, 0), ("b", 50, 49, 1)], []),
        ([("a", 100_000, 100_000, 0), ("b", 100, 97, 0)], ["b: recall 0.9700"]),
        ([("a", 100_000, 100_000, 0), ("b", 97, 97, 3)], ["b: precision 0.9700"]),
        ([("a", 1000, 994, 0)], ["total: recall 0.9940"]),
        ([("a", 994, 994, 6)], ["total: precision 0.9940"]),
        ([("a", 1000, 1000, 0), ("b", 2, 1, 0)], ["b: recall 0.5000"]),
        ([("a", 1000, 1000, 0), ("b", 0, 0, 1)], ["b: precision 0.0000"]),
        ([("a", 1000, 1000, 0), (OTHER_RULES, 0, 0, 1)], []),
        ([("a", 1000, 1000, 0), (OTHER_RULES, 0, 0, 6)], ["total: precision 0.9940"]),
    ],
    ids=[
        "good", "a kind missed", "a kind accused falsely", "missed", "accused falsely",
        "few labels", "no label of a kind", "a rule of no kind", "rules of no kind",
    ],
)  # fmt: skip
def test_the_bar_holds_in_all_and_for_each_kind(
    kinds: list[tuple[str, int, int, int]], below: list[str]
) -> None:
    found = [line.split(" is ")[0] for line in shortfalls(result(*kinds))]

    assert found == below


@pytest.mark.parametrize(
    ("errors", "queries", "lost", "clean"),
    [(0, 5, [], True), (0, 6, [], False), (1, 0, [], False), (0, 0, ["a/b/c.csv"], False)],
    ids=["few queries", "many queries", "an error", "a file left out"],
)
def test_a_clean_city_allows_few_queries_and_nothing_else(
    errors: int, queries: int, lost: list[str], clean: bool
) -> None:
    by_rule = pl.DataFrame(
        {
            "severity": ["error", "query"],
            "dataset": ["a/b"] * 2,
            "rule": ["x.code"] * 2,
            "findings": [errors, queries],
        }
    )
    said = Accusations(by_rule, 10_000, lost)

    assert said.is_clean() is clean
    assert f"10,000 rows, {errors} errors, {queries} queries" in said.text()


def test_the_defects_of_a_small_city_are_found_and_the_table_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--residents", RESIDENTS, "--seed", "5", "--days", "1"]

    status = main([*arguments, "--keep", str(tmp_path / "kept")])

    told = capsys.readouterr().out.splitlines()
    cells = {line.split()[0]: line.split()[1:] for line in told if len(line.split()) == 6}
    labels, found, _, false, _ = cells["total"]
    assert int(labels) > 200 and int(found) >= 0.995 * int(labels) and false == "0"
    for kind in ("null_word", "unreadable_date", "unknown_unit", "stuck_reading"):
        assert cells[kind][0] == cells[kind][1] != "0", kind
    below = [line for line in told if "is below" in line]
    assert status == (1 if below else 0)
    missed, accused = (
        pl.read_csv(tmp_path / "kept" / f"{name}.csv", infer_schema=False)
        for name in ("missed", "false")
    )
    assert (missed.height, accused.height) == (int(labels) - int(found), int(false))


DELIVERED = """年份,省份,GDP总量,第一产业,第二产业,第三产业
2023,上海市,2823.23,100.23,1200,1523
2023,云南省,暂无,137.23,1411.01,1783
2023,山东省,300.5,100.5,100,100
"""


def test_a_folder_of_deliveries_is_scored_by_its_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two labels one names the row that is wrong, the other a right one."""
    landed = tmp_path / "statistics" / "regional_gdp" / "gdp_2026-09-30.csv"
    landed.parent.mkdir(parents=True)
    landed.write_text(DELIVERED, encoding="utf-8")
    (tmp_path / "labels.csv").write_text(
        "file,dataset,column,row,kind\n"
        + "".join(
            f"statistics/regional_gdp/{landed.name},statistics/regional_gdp,gdp,{row},null_word\n"
            for row in (2, 3)
        )
    )

    assert main(["--labels", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "total                                   2        1   0.5000        0     1.0000" in told
    assert "null_word: recall 0.5000 is below 0.98" in told


def test_a_folder_that_cannot_be_judged_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--labels", str(tmp_path / "nowhere")]) == 2
    assert "is no folder" in capsys.readouterr().err

    landed = tmp_path / "statistics" / "regional_gdp" / "gdp_2026-09-30.csv"
    landed.parent.mkdir(parents=True)
    landed.touch()
    assert main(["--labels", str(tmp_path)]) == 2
    assert "labels.csv is missing" in capsys.readouterr().err

    assert main(["--keep", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
