"""The suites of stored tables as asset checks: base tables, and the history of each dataset.

Belongs here: their specifications and results, counts only. Does not belong here: what is expected
of a base table (`assets.base.expected`) and judging (`quality.expectations.tables`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import dagster as dg

from assets.base.build import rows_noted
from assets.base.expected import expected_of
from assets.lakehouse import Lakehouse
from catalog.models.base_tables import BaseTable
from quality.expectations.expected import Aspect, Expected
from quality.expectations.tables import TableVerdict, judge_table
from warehouse.engine import duckdb_type, one_version_each
from warehouse.log import Delivery, State

_ASKED = {
    Aspect.SHAPE: "列名和类型与声明完全一致",
    Aspect.KEY: "主键无空值、无重复",
    Aspect.VOLUME: "行数与各次生成的记录一致",
    Aspect.PROVENANCE: "每个值都注明来源，来源齐全",
    Aspect.VALUES: "各值符合数据元的格式、代码表和取值范围",
}
_UNUSABLE_WITHOUT = (Aspect.SHAPE, Aspect.KEY)
"""A table that fails one of these can be read by nobody."""
TABLE = "table"
"""Name of the one check that holds a standard table's suite."""


def base_check_specs(asset: dg.AssetKey) -> list[dg.AssetCheckSpec]:
    """One check for each aspect of a base table."""
    return [
        dg.AssetCheckSpec(
            str(aspect), asset=asset, description=asked, blocking=aspect in _UNUSABLE_WITHOUT
        )
        for aspect, asked in _ASKED.items()
    ]


def base_checks(
    lakehouse: Lakehouse, table: BaseTable, asset: dg.AssetKey
) -> Iterator[dg.AssetCheckResult]:
    """Judges the base table as it lies in the lake: one result for each aspect."""
    verdict = base_verdict(lakehouse, table)
    for aspect in _ASKED:
        ours = aspect in _UNUSABLE_WITHOUT or aspect not in verdict.counts
        yield dg.AssetCheckResult(
            check_name=str(aspect),
            asset_key=asset,
            passed=verdict.holds(aspect),
            severity=dg.AssetCheckSeverity.ERROR if ours else dg.AssetCheckSeverity.WARN,
            metadata=_told(verdict, aspect),
        )


def base_verdict(lakehouse: Lakehouse, table: BaseTable) -> TableVerdict:
    """The verdict on a base table, by the day of the latest delivery that it is made of."""
    applied = [known for ref in table.datasets for known in _applied(lakehouse, ref)]
    # Not the clock's day: the same deliveries get the same verdict whenever they are judged.
    as_of = max((known.ordered_at for known in applied), default=lakehouse.clock.now()).date()
    expected = expected_of(lakehouse.catalog, table, rows_noted(lakehouse, table), as_of)
    return _judged(lakehouse, table.lake_name, expected, as_of)


def standard_check_spec(asset: dg.AssetKey) -> dg.AssetCheckSpec:
    """The one check of a dataset's stored table, which everything downstream reads."""
    return dg.AssetCheckSpec(
        TABLE,
        asset=asset,
        blocking=True,
        description="列名和类型与目录一致，行数与各次交付的计数一致，主键无空值、无重复",
    )


def standard_check(lakehouse: Lakehouse, ref: str) -> dg.AssetCheckResult:
    """Judges the dataset's history as it lies in the lake, in one aggregate."""
    verdict = standard_verdict(lakehouse, ref)
    return dg.AssetCheckResult(
        check_name=TABLE,
        asset_key=dg.AssetKey(["standard", *ref.split("/")]),
        passed=all(verdict.holds(aspect) for aspect in (Aspect.SHAPE, Aspect.VOLUME, Aspect.KEY)),
        metadata={
            "rows": verdict.rows if verdict.rows is not None else "—",
            **{
                f"{aspect}_{rule}": count
                for aspect, counts in verdict.counts.items()
                for rule, count in counts.items()
            },
        },
    )


def standard_verdict(lakehouse: Lakehouse, ref: str) -> TableVerdict:
    """Shape by the catalogue, volume and key by what the log says of the deliveries.

    The history has a row for each value that a delivery brought and each key that it ended; a
    deliverer's key stands in it once a delivery, and once in all while none was replaced or ended,
    by which the engine leaves out the sort.
    """
    applied = _applied(lakehouse, ref)
    name = f"standard/{ref}"
    rows = sum((known.upserted or 0) + (known.removed or 0) for known in applied)
    expected = Expected(
        name=name,
        columns={column: duckdb_type(kind) for column, kind in lakehouse.schemas[name].items()},
        key=("_agency", "_key", *(() if one_version_each(applied) else ("_seq",))),
        fewest=rows,
        most=rows,
        may_lack=True,
    )
    return _judged(lakehouse, name, expected, lakehouse.clock.now().date())


def _judged(lakehouse: Lakehouse, table: str, expected: Expected, as_of: date) -> TableVerdict:
    files, spill = lakehouse.lake.files(table), lakehouse.workspace("judgement")
    return judge_table(files, expected, lakehouse.catalog, as_of, spill)


def sound(specs: Iterable[dg.AssetCheckSpec], results: Iterable[dg.AssetCheckResult]) -> bool:
    """Whether all of the checks passed that stop what comes after them."""
    blocking = {spec.name for spec in specs if spec.blocking}
    return all(result.passed for result in results if result.check_name in blocking)


def _told(verdict: TableVerdict, aspect: Aspect) -> dict[str, int | str | dg.MetadataValue]:
    if aspect not in verdict.counts:
        wrong = not verdict.holds(Aspect.SHAPE)
        return {"not_judged": "the shape is wrong" if wrong else "our fault: cannot be evaluated"}
    counts = verdict.counts[aspect]
    broken = [f"| {rule} | {count} |" for rule, count in counts.items() if count]
    return {
        "rows": verdict.rows if verdict.rows is not None else "—",
        "rules": len(counts),
        "failing": sum(counts.values()),
        "by_rule": dg.MetadataValue.md(
            "\n".join(["| rule | failing |", "| --- | --- |", *broken]) if broken else "—"
        ),
    }


def _applied(lakehouse: Lakehouse, ref: str) -> list[Delivery]:
    return [
        known
        for known in lakehouse.log.deliveries
        if known.dataset == ref and known.state is State.APPLIED
    ]
