"""Great Expectations on DuckDB: execution engine, datasource, and expectations that only count.

Belongs here: what Great Expectations needs to know of DuckDB, which it has no engine for. What is
expected of a dataset stands in `quality.expectations.suite`.

Importing this module imports Great Expectations, which takes seconds: import it inside functions.
It must be importable by name, since Great Expectations looks its classes up in their modules.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

import duckdb
import great_expectations as gx
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper
from great_expectations.compatibility import pydantic
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core import (
    ExpectColumnValueLengthsToBeBetween,
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics.metric_provider import MetricProvider, metric_partial
from great_expectations.expectations.registry import get_metric_kwargs
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies

COUNT = "unexpected_count"


def context_in_memory() -> EphemeralDataContext:
    """A context that writes no file, sends nothing and shows no progress bar."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """Runs all metrics over one connection, which stays open.

    The base class closes its connection after each query; results of DuckDB's cursor, which it
    reads afterwards, are then empty.
    """

    @contextmanager
    def get_connection(self) -> Iterator[sa.Connection]:
        """The one connection, opened at the first query."""
        if self._connection is None:
            self._connection = self.engine.connect()
        yield self._connection

    def close(self) -> None:
        """Gives the connection back. Left to the garbage collector, SQLAlchemy would find it
        closed already, and log an error at any later moment."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class LentConnection(ConnectionWrapper):
    """A DuckDB connection that belongs to somebody else, who will close it."""

    def close(self) -> None:
        """Lets go of the connection without closing it."""
        self.closed = True


class DuckDBDatasource(SQLDatasource):
    """A datasource over a DuckDB connection that the caller opened, filled and will close."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]
    connection_string: str = "duckdb:///:memory:"

    _runs_on: DuckDBExecutionEngine | None = pydantic.PrivateAttr(None)

    @property
    def execution_engine_type(self) -> builtins.type[SqlAlchemyExecutionEngine]:
        """`DuckDBExecutionEngine`."""
        return DuckDBExecutionEngine

    @contextmanager
    def run_on(self, con: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """Uses this connection, within the context."""
        engine = sa.create_engine(
            self.connection_string,
            creator=lambda: LentConnection(con),
            poolclass=sa.StaticPool,
        )
        # A temporary table would copy the whole batch, once for each validation.
        self._runs_on = DuckDBExecutionEngine(engine=engine, create_temp_table=False)
        try:
            yield
        finally:
            self._runs_on.close()
            self._runs_on = None

    def test_connection(self, test_assets: bool = True) -> None:
        """Nothing: the connection is open when it is handed over, and none exists before."""

    def get_engine(self) -> sa.Engine:
        """SQLAlchemy's engine over the connection."""
        return self.get_execution_engine().engine

    def get_execution_engine(self) -> DuckDBExecutionEngine:
        """The engine over the connection. RuntimeError outside `run_on`."""
        if self._runs_on is None:
            raise RuntimeError("DuckDBDatasource has a connection within run_on only")
        return self._runs_on


class ColumnViolations(MetricProvider):
    """How many rows satisfy a SQL condition over the batch's columns.

    An aggregate, so that Great Expectations counts all of a batch's in one query, where
    `UnexpectedRowsExpectation` runs two for each rule. It depends on no other metric: a map metric
    asks for the table's columns, types and rows, eighteen nodes in the graph of each expectation,
    which take longer than the counting does.
    """

    metric_name = "column.violations"
    domain_keys = ("batch_id", "table", "column")
    value_keys = ("violation",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.COLUMN,
    )
    def _sqlalchemy(
        cls,
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[sa.ColumnElement[int], dict[str, Any], dict[str, Any]]:
        broken: sa.ColumnElement[int] = sa.literal_column(
            f"CASE WHEN {metric_value_kwargs['violation']} THEN 1 END"
        )
        domain = {name: told for name, told in metric_domain_kwargs.items() if name != "column"}
        return sa.func.count(broken), domain, {}

    @classmethod
    def _get_evaluation_dependencies(
        cls, metric: MetricConfiguration, *_: Any, **__: Any
    ) -> dict[str, MetricConfiguration]:
        partial = f"{cls.metric_name}.{MetricPartialFunctionTypes.AGGREGATE_FN.metric_suffix}"
        if metric.metric_name == partial:
            return {}
        return {
            "metric_partial_fn": MetricConfiguration(
                metric_name=partial,
                metric_domain_kwargs=metric.metric_domain_kwargs,
                metric_value_kwargs=metric.metric_value_kwargs,
            )
        }


class CountsOnly(ColumnMapExpectation):
    """A map expectation whose result holds the count of unexpected rows and nothing of them.

    Left to itself, Great Expectations queries the unexpected values too, which are personal. Here
    the count is the one metric ever asked for, whatever the result format.
    """

    def get_validation_dependencies(
        self,
        execution_engine: Any = None,
        runtime_configuration: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> ValidationDependencies:
        """The count, and a result format whose result is kept."""
        metric = self._count(runtime_configuration)
        return ValidationDependencies(
            metric_configurations={metric.metric_name: metric},
            result_format={"result_format": "BASIC"},
        )

    def _count(self, runtime_configuration: dict[str, Any] | None = None) -> MetricConfiguration:
        """The metric that counts."""
        name = f"{self.map_metric}.{COUNT}"
        asked = get_metric_kwargs(
            metric_name=name,
            configuration=self.configuration,
            runtime_configuration=runtime_configuration,
        )
        return MetricConfiguration(
            name, asked["metric_domain_kwargs"], asked["metric_value_kwargs"]
        )

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        # None where the batch is empty: a sum over no rows.
        count = metrics[self._count(runtime_configuration).metric_name] or 0
        return {"success": count == 0, "result": {COUNT: count}}


class NoViolation(CountsOnly):
    """No row may satisfy `violation`, a SQL condition over the batch's columns (NULL: it doesn't).

    `column` names the column that the rule is about.
    """

    violation: str

    map_metric: ClassVar[str] = ColumnViolations.metric_name
    success_keys: ClassVar[tuple[str, ...]] = ("violation",)

    def _count(self, runtime_configuration: dict[str, Any] | None = None) -> MetricConfiguration:
        domain = {"batch_id": self.batch_id, "table": None, "column": self.column}
        return MetricConfiguration(self.map_metric, domain, {"violation": self.violation})


class InSet(CountsOnly, ExpectColumnValuesToBeInSet):
    """Great Expectations' own expectation, counting only."""


class Between(CountsOnly, ExpectColumnValuesToBeBetween):
    """Great Expectations' own expectation, counting only."""


class LengthsBetween(CountsOnly, ExpectColumnValueLengthsToBeBetween):
    """Great Expectations' own expectation, counting only."""
