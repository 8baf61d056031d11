"""Great Expectations on pandas: its own expectations, and two map metrics, written with NumPy, for
what it has none for (a date within a number, its check digit).

Null words are judged on the text as it stands, everything else without them, as whoever cleans
before he checks would do it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
import numpy as np
import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.core import (
    ExpectColumnValueLengthsToEqual,
    ExpectColumnValuesToBeInSet,
    ExpectColumnValuesToMatchRegex,
    ExpectColumnValuesToNotBeInSet,
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.expectation import ColumnMapExpectation, Expectation
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    column_condition_partial,
)

from benchmarks.contenders.frame import Found, Known, compete
from benchmarks.persons import CODED, COLUMNS
from quality.expectations.datasource import context_in_memory

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int32)
CHECKS = np.frombuffer(b"10X98765432", np.uint8)
FORMED = "^[0-9]{17}[0-9X]$"
RULE = "rule"


class NumberHasDate(ColumnMapMetricProvider):
    """Well-formed numbers whose digits 7–14 are a day."""

    condition_metric_name = "column_values.number_has_date"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, **_: Any) -> Any:
        return ~column.str.match(FORMED) | _is_day(column)


class NumberHasCheck(ColumnMapMetricProvider):
    """Well-formed numbers with a day whose last character is the check of the others."""

    condition_metric_name = "column_values.number_has_check"

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column: Any, **_: Any) -> Any:
        judged = column.str.match(FORMED) & _is_day(column)
        text = "".join(column[judged]).encode()
        characters = np.frombuffer(text, np.uint8).reshape(-1, 18)
        asked = CHECKS[(characters[:, :17].astype(np.int32) - ord("0")) @ WEIGHTS % 11]
        holds = pd.Series(True, index=column.index)
        holds[judged] = asked == characters[:, 17]
        return holds


def _is_day(numbers: Any) -> Any:
    return pd.to_datetime(numbers.str.slice(6, 14), format="%Y%m%d", errors="coerce").notna()


class HasDate(ColumnMapExpectation):
    """The digits 7–14 of a well-formed number are a day."""

    map_metric: ClassVar[str] = "column_values.number_has_date"


class HasCheck(ColumnMapExpectation):
    """The check of a well-formed number with a day holds."""

    map_metric: ClassVar[str] = "column_values.number_has_check"


def check(folder: Path, known: Known) -> Found:
    """By rule, of two suites."""
    text = pd.read_csv(
        folder / "persons.csv", dtype="str", keep_default_na=False, na_values=[""]
    )  # fmt: skip
    words = known["null_words"]
    first: list[Expectation] = []
    for column in COLUMNS:
        first.append(
            ExpectColumnValuesToNotBeNull(column=column, meta={RULE: f"{column}.required"})
        )
        rule = {RULE: f"{column}.null_word"}
        first.append(ExpectColumnValuesToNotBeInSet(column=column, value_set=words, meta=rule))
    found = _failed("text", text, first)
    cleaned = text.mask(text.isin(words))
    rest: list[Expectation] = [
        ExpectColumnValuesToMatchRegex(
            column="person_no", regex="^[0-9A-Za-z]{8,30}$", meta=_meta("person_no", "pattern")
        ),
        *(
            ExpectColumnValuesToBeInSet(
                column=column, value_set=known[column], meta=_meta(column, "code")
            )
            for column in CODED
        ),
        ExpectColumnValueLengthsToEqual(column="id_no", value=18, meta=_meta("id_no", "length")),
        ExpectColumnValuesToMatchRegex(
            column="id_no",
            regex="^(?:.{0,17}|.{19,}|[0-9]{17}[0-9X])$",
            meta=_meta("id_no", "alphabet"),
        ),
        HasDate(column="id_no", meta=_meta("id_no", "date")),
        HasCheck(column="id_no", meta=_meta("id_no", "check_digit")),
    ]
    return found | _failed("cleaned", cleaned, rest)


def _meta(column: str, kind: str) -> dict[str, str]:
    return {RULE: f"{column}.{kind}"}


def _failed(name: str, frame: pd.DataFrame, expectations: list[Expectation]) -> Found:
    context = context_in_memory()
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset(name)
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(name, expectations=expectations)
    result = batch.validate(suite, result_format="COMPLETE")
    found: Found = {}
    for one in result.results:
        if one.exception_info.get("raised_exception"):
            raise RuntimeError(one.exception_info["exception_message"])
        rows = one.result["unexpected_index_list"] or []
        rule = one.expectation_config.meta[RULE] if one.expectation_config else name
        found[rule] = (len(rows), sum(rows) + len(rows))
    return found


if __name__ == "__main__":
    compete("great-expectations", check)
