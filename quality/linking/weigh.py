"""Weighing with Splink: candidates for a record by how well name and address agree.

Belongs here: the one place that knows Splink, which is loaded only when there is something to
weigh. Does not belong here: the weights (`settings`), and what a score decides (`sql/links.sql`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from quality.linking.settings import Comparison, Weights
from warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from splink import SettingsCreator
    from splink.internals.comparison_creator import ComparisonCreator

_WEIGHED = "no AS unique_id, province, name, core, address, block_address, block_core, block_start"
"""Columns of either side: Splink asks for the same of both."""
_SAME_PROVINCE = "(l.province IS NULL OR l.province = r.province)"


def weigh(con: duckdb.DuckDBPyConnection, weights: Weights) -> None:
    """Adds to `linking_weighed` (no, uscc, score, evidence) the candidates for `linking_asked`.

    `con` has these, `linking_holders` and the macros of `sql/comparable.sql` as its own. A record
    has a row for each candidate that shares a block with it and whose score is above nought.
    """
    from splink import DuckDBAPI, Linker  # noqa: PLC0415 - takes two seconds

    con.execute(
        f"CREATE OR REPLACE TEMP TABLE linking_right AS SELECT {_WEIGHED}, at_address"
        " FROM linking_holders WHERE sound"
    )
    api = DuckDBAPI(con)
    holders = api.register("linking_right", dataset_display_name="holders")
    first, last = _range(con)
    for start in range(first, last + 1, weights.batch):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE linking_left AS SELECT {_WEIGHED},"
            " NULL::BIGINT AS at_address FROM linking_asked WHERE no BETWEEN $1 AND $2",
            [start, start + weights.batch - 1],
        )
        records = api.register("linking_left", dataset_display_name="asked")
        linker = Linker(
            [records, holders], _settings(weights), log_level=None, validate_settings=False
        )
        scored = linker.inference.predict(warning_mode="never")
        _keep(con, scored.physical_name, weights)
        scored.drop_table_from_database_and_remove_from_cache()
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]


def _range(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    found = con.execute("SELECT min(no), max(no) FROM linking_asked").fetchone()
    assert found is not None
    return found


def _settings(weights: Weights) -> SettingsCreator:
    from splink import SettingsCreator  # noqa: PLC0415
    from splink.blocking_rule_library import CustomRule  # noqa: PLC0415

    return SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=weights.prior,
        blocking_rules_to_generate_predictions=[
            CustomRule(f"l.{quoted(block)} = r.{quoted(block)} AND {_SAME_PROVINCE}")
            for block in weights.blocks
        ],
        comparisons=[_comparison(each) for each in weights.comparisons],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=False,
    )


def _comparison(declared: Comparison) -> ComparisonCreator:
    from splink.comparison_level_library import CustomLevel, ElseLevel  # noqa: PLC0415
    from splink.comparison_library import CustomComparison  # noqa: PLC0415

    missing = CustomLevel(declared.missing).configure(is_null_level=True)
    levels = [
        (CustomLevel(level.agrees) if level.agrees else ElseLevel()).configure(
            m_probability=level.m, u_probability=level.u
        )
        for level in declared.levels
    ]
    return CustomComparison(
        output_column_name=declared.column, comparison_levels=[missing, *levels]
    )


def _keep(con: duckdb.DuckDBPyConnection, scored: str, weights: Weights) -> None:
    """Splink numbers levels from the weakest, 0; -1 says that the attribute is missing."""
    told = ", ".join(
        f"CASE gamma_{each.column} "
        + " ".join(
            f"WHEN {number} THEN {literal(level.told)}"
            for number, level in enumerate(reversed(each.levels))
        )
        + " END"
        for each in weights.comparisons
    )
    con.execute(
        "INSERT INTO linking_weighed"
        " SELECT unique_id_l, uscc, max(match_probability),"
        f" arg_max(concat_ws('，', {told}), match_probability)"
        f" FROM {quoted(scored)} AS scored"
        " JOIN linking_holders AS holders ON holders.no = scored.unique_id_r"
        " GROUP BY unique_id_l, uscc"
    )
