"""What is wrong with a file that was not delivered: the same rules, nothing stored.

Belongs here: defects from a draft's raw and staged rows, as a model, as JSON and as tables for a
terminal. Reading and judging the file is done by the intake and `quality.standardise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from catalog.entries import Catalog
from quality.ledger.session import session, view_masks, view_raw_cells, view_row_rules
from quality.ledger.wording import RuleText, rule_texts, text_of
from quality.reports.masking import value_expression
from quality.reports.model import DIMENSION_TEXTS, SEVERITY_TEXTS
from quality.reports.texts import value_text
from quality.rules.derive import rules_of
from quality.rules.model import DUPLICATE_KEY
from quality.tickets import column_name
from warehouse.engine import reading
from warehouse.publish.masking import masked_columns

if TYPE_CHECKING:
    from rich.console import Console

_SQL = Path(__file__).parent / "sql"
KEY_MISSING = "key.missing"
"""The finding about a row whose key cannot be formed."""


@dataclass(frozen=True, slots=True)
class DraftRule:
    """One rule that the draft fails, with the number of rows."""

    rule: str
    severity: str
    dimension: str
    message: str
    standard: str
    how_to_correct: str
    example: str
    rows: int


@dataclass(frozen=True, slots=True)
class DraftDefect:
    """One listed defect; `value` is masked by grade, `line` the physical line in the file."""

    rule: str
    severity: str
    row: int | None
    line: int | None
    column: str
    column_name: str
    value: str | None
    message: str


@dataclass(frozen=True, slots=True)
class DraftReport:
    """What a draft's rows fail. `total` defects, of which `defects` lists at most the limit."""

    dataset: str
    dataset_name: str
    rows: int
    rejected: int
    total: int
    rules: tuple[DraftRule, ...]
    defects: tuple[DraftDefect, ...]

    @property
    def has_errors(self) -> bool:
        """Whether anything must be corrected before delivery; queries need not be."""
        return any(rule.severity == "error" for rule in self.rules)

    def document(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {"has_errors": self.has_errors, "shown": len(self.defects), **asdict(self)}

    def print(self, console: Console) -> None:
        """Prints the report in Chinese for a terminal: rule by rule, whole sentences."""

        def say(text: str, style: str | None = None) -> None:
            console.print(text, style=style, markup=False, highlight=False)

        say(
            f"{self.dataset_name}（{self.dataset}）：可读取 {self.rows:,} 行，"
            f"无法读取 {self.rejected:,} 行，问题 {self.total:,} 个",
            "bold",
        )
        if not self.rules:
            say("没有发现问题，可以报送。")
            return
        for rule in self.rules:
            severity, dimension = SEVERITY_TEXTS[rule.severity], DIMENSION_TEXTS[rule.dimension]
            say("")
            say(f"{severity}（{dimension}）{rule.message}，{rule.rows:,} 处", "bold")
            for label, text in (
                ("如何更正", rule.how_to_correct), ("正确示例", rule.example),
                ("依据", rule.standard),
            ):  # fmt: skip
                if text:
                    say(f"  {label}：{text}")
            for defect in self.defects:
                if defect.rule == rule.rule:
                    say(f"  {_place_and_value(defect, rule)}")
        if len(self.defects) < self.total:
            say("")
            say(f"共 {self.total:,} 处，此处列出 {len(self.defects):,} 处，改正后请再检查一次。")


def draft_defects(
    con: duckdb.DuckDBPyConnection,
    catalog: Catalog,
    ref: str,
    raw: Path,
    staged: Path,
    limit: int,
    rejects: Path | None = None,
) -> DraftReport:
    """The defects of a draft for dataset `ref`, from its raw, staged and rejects Parquet files.

    Keys that occur twice in the draft are found here; what needs other deliveries is not.
    """
    dataset = catalog.datasets[ref]
    rules = rules_of(catalog, ref)
    texts = rule_texts(rules)
    with session(con) as cursor:
        staged_rows = reading([str(staged)])
        cursor.execute(
            f"create or replace temp view draft_rows as select _key, _row, _op from {staged_rows}"
        )
        view_masks(cursor, "draft_masks", staged_rows, rules, "_row")
        _view_rejects(cursor, rejects)
        view_row_rules(cursor, rules, {})
        _run(cursor, "draft", duplicate_rule=DUPLICATE_KEY, key_rule=KEY_MISSING)
        counts = dict(cursor.execute("select rule, count(*) from drafted group by rule").fetchall())
        failed = [rule for rule in rules if rule.id in counts]
        view_row_rules(cursor, failed, {rule.id: place for place, rule in enumerate(failed, 1)})
        view_raw_cells(
            cursor,
            reading([str(raw)]),
            [value_expression(catalog, dataset, rule) for rule in failed],
        )
        hide_text = bool(masked_columns(catalog, dataset))
        shown = _run(cursor, "draft_shown", limit=limit, hide_text=hide_text).fetchall()
        read = cursor.execute(
            "select (select count(*) from draft_rows), (select count(*) from draft_rejects)"
        ).fetchone()
    accepted, rejected = read or (0, 0)
    by_rule = [_rule(text_of(texts, rule), count) for rule, count in counts.items()]
    return DraftReport(
        dataset=ref,
        dataset_name=dataset.name,
        rows=accepted,
        rejected=rejected,
        total=sum(counts.values()),
        rules=tuple(sorted(by_rule, key=lambda rule: (rule.severity, -rule.rows, rule.rule))),
        defects=tuple(_defect(catalog, ref, text_of(texts, row[0]), row) for row in shown),
    )


def _run(
    cursor: duckdb.DuckDBPyConnection, name: str, **parameters: object
) -> duckdb.DuckDBPyConnection:
    return cursor.execute((_SQL / f"{name}.sql").read_text(encoding="utf-8"), parameters)


def _view_rejects(cursor: duckdb.DuckDBPyConnection, rejects: Path | None) -> None:
    """View `draft_rejects`: row, line, reason, message, text."""
    cursor.execute(
        "create or replace temp view draft_rejects as "
        + (
            f"select row, line, reason, message, text from {reading([str(rejects)])}"
            if rejects is not None
            else "select null::bigint as row, null::bigint as line, null::varchar as reason, "
            "null::varchar as message, null::varchar as text where false"
        )
    )


def _place_and_value(defect: DraftDefect, rule: DraftRule) -> str:
    """Where the defect is and what stands there; the values of several columns name them."""
    place = f"第 {defect.line} 行" if defect.line is not None else f"第 {defect.row} 条"
    told = value_text("row" if defect.column else "", defect.value)
    named = f"{defect.column_name}：" if defect.column and "、" not in defect.column_name else ""
    why = f"（{defect.message}）" if defect.message != rule.message else ""
    return f"{place}  {named}{told}{why}".rstrip()


def _rule(text: RuleText, rows: int) -> DraftRule:
    return DraftRule(
        rule=text.rule,
        severity=text.severity,
        dimension=str(text.dimension),
        message=text.message,
        standard=text.standard,
        how_to_correct=text.how_to_correct,
        example=text.example,
        rows=rows,
    )


def _defect(catalog: Catalog, ref: str, text: RuleText, row: Sequence[Any]) -> DraftDefect:
    rule, column, number, line, value, message = row
    columns = text.columns or ((column,) if column else ())
    return DraftDefect(
        rule=rule,
        severity=text.severity,
        row=number,
        line=line,
        column=column,
        column_name="、".join(column_name(catalog, ref, name) for name in columns),
        value=value,
        message=message or text.message,
    )
