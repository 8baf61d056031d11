"""Runs expectations over one relation of a DuckDB connection and gives their counts.

Belongs here: Great Expectations' side of every verdict. Importing this module imports Great
Expectations, which takes seconds: import it inside functions.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import duckdb
import great_expectations as gx
from great_expectations.expectations.expectation import Expectation

from quality.expectations.datasource import COUNT, DuckDBDatasource, context_in_memory
from quality.expectations.scope import RULE, JudgementFailed


def counts_of(
    con: duckdb.DuckDBPyConnection, relation: str, name: str, expectations: Iterable[Expectation]
) -> dict[str, int]:
    """Rule (in the expectation's meta) → number of unexpected rows of the table or view.

    Raises JudgementFailed, which names the suite and the rules that could not be evaluated.
    """
    # Its errors quote queries and values; what matters of them is raised below.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    asked = list(expectations)
    results = _validated(con, relation, name, asked)
    failed = {result.expectation_config.meta[RULE] for result in results if not result.result}
    if failed:
        # All are one query: one that fails as it runs takes the others down with it.
        alone = {rule: each for each in asked if (rule := (each.meta or {})[RULE]) in failed}
        culprits = [
            rule
            for rule, each in alone.items()
            if not _validated(con, relation, name, [each])[0].result
        ]
        raise JudgementFailed(f"{name}: {', '.join(culprits or sorted(failed))}")
    return {result.expectation_config.meta[RULE]: result.result[COUNT] for result in results}


def _validated(
    con: duckdb.DuckDBPyConnection, relation: str, name: str, asked: list[Expectation]
) -> list[Any]:
    """Results in a context of their own: an error leaves the connection's transaction aborted."""
    context = context_in_memory()
    source: DuckDBDatasource = context.data_sources.add_duckdb(name=relation)
    suite = gx.ExpectationSuite(name=name, expectations=asked)
    with source.run_on(con):
        asset = source.add_table_asset(relation, table_name=relation)
        batch = asset.add_batch_definition_whole_table(relation).get_batch()
        return list(batch.validate(suite, result_format="BASIC").results)
