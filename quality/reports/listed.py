"""One listed defect or record of a report, in words.

Belongs here: what a clerk reads of each. Which are listed and where their values come from stands
in `quality.reports.collect`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.entries import Catalog
from catalog.models.datasets import Dataset
from quality.ledger.wording import RuleText, text_of
from quality.reports.model import ReportedDefect, ReportedReject
from quality.tickets import column_name

WITHHELD = "所比对的是其他单位的数据，按安全级别不予显示"
"""In place of a detail that the receiver may not see."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What is known of a dataset while its defects are told to one agency."""

    catalog: Catalog
    dataset: Dataset
    texts: Mapping[str, RuleText]
    """Words of its rules by rule id."""
    tickets: Mapping[tuple[str, str], Mapping[str, Any]]
    """The agency's open tickets of the dataset by rule and kind."""
    open_rules: frozenset[str]
    """Rules between datasets that tell the agency nothing that it may not see."""

    def defect(self, row: Mapping[str, Any]) -> ReportedDefect:
        """A row of `sql/defects.sql`."""
        text = text_of(self.texts, row["rule"])
        ticket = self.tickets[row["rule"], row["kind"]]
        accused = (row["column"],) if row["column"] else ()
        columns = accused if row["kind"] == "between" else text.columns or accused
        return ReportedDefect(
            ticket=ticket["ticket"],
            kind=row["kind"],
            severity=text.severity,
            rule=row["rule"],
            delivery=row["delivery"],
            file=row["file"],
            sheet=row["sheet"],
            row=row["row"],
            line=row["line"],
            key=row["key_shown"],
            column=row["column"],
            column_name="、".join(
                column_name(self.catalog, self.dataset.ref, column) for column in columns
            ),
            value=row["value_shown"],
            message=row["message"] or self._message(text.message, row),
            standard=text.standard,
            example=text.example,
            how_to_correct=text.how_to_correct,
            due_on=ticket["due_on"],
        )

    def reject(self, row: Mapping[str, Any]) -> ReportedReject:
        """A row of `sql/rejects.sql`."""
        text = text_of(self.texts, row["rule"])
        return ReportedReject(
            ticket=self.tickets[row["rule"], "reject"]["ticket"],
            delivery=row["delivery"],
            file=row["file"],
            sheet=row["sheet"],
            row=row["row"],
            line=row["line"],
            message=row["message"] or text.message,
            characters=row["characters"],
            text=row["text"],
        )

    def _message(self, message: str, row: Mapping[str, Any]) -> str:
        if not row["detail"]:
            return message
        withheld = row["kind"] == "between" and row["rule"] not in self.open_rules
        return f"{message}（{WITHHELD if withheld else row['detail']}）"
