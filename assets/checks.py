"""Asset checks: our own invariants, which block, and the state of an agency's data, which does not.

Belongs here: results for Dagster, counts only. Does not belong here: judging (`quality`).
"""

from __future__ import annotations

import dagster as dg

from assets.lakehouse import Lakehouse
from assets.registry import standing_findings
from quality.between.evaluate import State as Asked
from quality.between.model import between_rules, rules_told
from quality.coverage import never_delivered
from quality.ledger.present import OPEN, view_defects
from quality.rule_coverage import Asked as AskedOf
from quality.rule_coverage import elements_never_checked, rule_coverage, share_asked
from warehouse.engine import Engine
from warehouse.log import Delivery, State


def balanced(delivery: Delivery) -> bool:
    """Whether an applied delivery's counts add up."""
    parts = (
        delivery.upserted, delivery.unchanged, delivery.duplicated,
        delivery.quarantined, delivery.deleted,
    )  # fmt: skip
    return delivery.counted == (delivery.accepted or 0) + (
        delivery.rejected or 0
    ) and delivery.accepted == sum(part or 0 for part in parts)


def conservation(lakehouse: Lakehouse, ref: str) -> dg.AssetCheckResult:
    """Every applied delivery's rows are accounted for."""
    applied = [
        known
        for known in lakehouse.log.deliveries
        if known.dataset == ref and known.state is State.APPLIED
    ]
    wrong = [known.delivery for known in applied if not balanced(known)]
    return dg.AssetCheckResult(
        check_name="conservation",
        asset_key=dg.AssetKey(["standard", *ref.split("/")]),
        passed=not wrong,
        metadata={
            "deliveries": len(applied),
            "rows": sum(known.counted or 0 for known in applied),
            "out_of_balance": ", ".join(wrong) or "—",
        },
    )


def second_opinion(engine: Engine, ref: str) -> dg.AssetCheckResult:
    """Our counts by rule and Great Expectations' agree for every delivery."""
    row = engine.con.execute(
        "SELECT count(DISTINCT delivery), count(*), "
        "count(*) FILTER (mask_count IS DISTINCT FROM expectation_count), "
        "string_agg(DISTINCT rule, ', ') FILTER (mask_count IS DISTINCT FROM expectation_count) "
        "FROM quality.main.verdicts WHERE dataset = ?",
        [ref],
    ).fetchone()
    assert row is not None
    deliveries, counts, differing, rules = row
    return dg.AssetCheckResult(
        check_name="second_opinion",
        asset_key=dg.AssetKey(["standard", *ref.split("/")]),
        passed=not differing,
        metadata={
            "deliveries": deliveries,
            "counts_compared": counts,
            "counts_that_differ": differing,
            "rules_that_differ": rules or "—",
        },
    )


def open_defects(lakehouse: Lakehouse, engine: Engine, ref: str) -> dg.AssetCheckResult:
    """How many of the agency's defects are open, by rule; a warning, it stops nothing."""
    severity = {rule.id: rule.severity for rule in rules_told(lakehouse.catalog, ref)}
    view_defects(engine.con)
    rows = engine.con.execute(
        "SELECT rule, count(*) FROM quality.main.defects "
        f"WHERE dataset = ? AND {OPEN} GROUP BY rule ORDER BY 2 DESC, 1",
        [ref],
    ).fetchall()
    errors = sum(count for rule, count in rows if severity.get(rule, "error") == "error")
    return dg.AssetCheckResult(
        check_name="open_defects",
        asset_key=dg.AssetKey(["standard", *ref.split("/")]),
        passed=not errors,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "errors": errors,
            "queries": sum(count for _, count in rows) - errors,
            "by_rule": dg.MetadataValue.md(
                "\n".join(
                    ["| rule | open |", "| --- | --- |", *(f"| {r} | {c} |" for r, c in rows)]
                )
            ),
        },
    )


def between_rules_asked(engine: Engine, asset: dg.AssetKey) -> dg.AssetCheckResult:
    """How the rules between datasets were last asked: one that could not be run is our fault."""
    rows = engine.con.execute(
        "SELECT rule, arg_max(state, no), arg_max(findings, no), arg_max(reason, no) "
        "FROM quality.main.between_outcomes WHERE list_contains($1, rule) "
        "GROUP BY rule ORDER BY rule",
        [[rule.id for rule in between_rules()]],
    ).fetchall()
    failed = sum(state == Asked.FAILED for _, state, _, _ in rows)
    unsure = sum(state == Asked.IMPLAUSIBLE for _, state, _, _ in rows)
    told = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return dg.AssetCheckResult(
        check_name="rules_asked",
        asset_key=asset,
        passed=not failed and not unsure,
        severity=dg.AssetCheckSeverity.ERROR if failed else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": len(rows),
            "failed": failed,
            "implausible": unsure,
            "by_rule": dg.MetadataValue.md(
                "\n".join(
                    ["| rule | state | findings | reason |", "| --- | --- | --- | --- |", *told]
                )
            ),
        },
    )


def registry(lakehouse: Lakehouse, asset: dg.AssetKey) -> dg.AssetCheckResult:
    """The findings of `lakehouse catalog check`, and every dataset that was never delivered."""
    catalog = lakehouse.catalog
    faults = standing_findings(lakehouse)
    missing = never_delivered(catalog, lakehouse.log.deliveries)
    due = sum(each.retired is None and each.aggregated for each in catalog.datasets.values())
    columns = rule_coverage(catalog)
    told = "\n".join(f"- {finding}" for finding in [*faults, *missing])
    return dg.AssetCheckResult(
        check_name="registry",
        asset_key=asset,
        passed=not faults and not missing,
        severity=dg.AssetCheckSeverity.ERROR if faults else dg.AssetCheckSeverity.WARN,
        metadata={
            "faults": len(faults),
            "never_delivered": len(missing),
            "coverage": 1 - len(missing) / due if due else 1.0,
            "rule_coverage": share_asked(columns),
            "columns_without_rule_beyond_type": sum(each.asked is AskedOf.TYPE for each in columns),
            "elements_never_checked": len(elements_never_checked(columns)),
            "findings": dg.MetadataValue.md(told or "—"),
        },
    )
