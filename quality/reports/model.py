"""What a quality report says, before it is a workbook, a JSON document or a digest.

Belongs here: the parts of a report as data. Gathering them stands in `quality.reports.collect`.
All values are as an agency may read them: masked by grade, cut to a length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

STATE_TEXTS: Mapping[str, str] = {
    "applied": "已入库",
    "held": "暂缓入库",
    "refused": "已退回",
    "duplicate": "内容重复",
    "withdrawn": "已撤回",
}
MODE_TEXTS: Mapping[str, str] = {"snapshot": "全量", "increment": "增量"}
SEVERITY_TEXTS: Mapping[str, str] = {"error": "错误", "query": "疑问"}
DIMENSION_TEXTS: Mapping[str, str] = {
    "conformity": "规范性",
    "completeness": "完整性",
    "accuracy": "准确性",
    "consistency": "一致性",
    "timeliness": "时效性",
    "accessibility": "可访问性",
}
DIMENSION_MEANINGS: Mapping[str, str] = {
    "conformity": "已填的单元格写法、代码合乎标准，记录能够读取",
    "completeness": "应填的单元格已填，记录有主键",
    "accuracy": "已填的值校验正确，主键不重复",
    "consistency": "各栏之间、与其他数据相符",
    "timeliness": "状态与事实同步，按更新周期报送",
    "accessibility": "报送的文件可以入库使用",
}


@dataclass(frozen=True, slots=True)
class ReportedDelivery:
    """One delivery since the last report; counts are rows, null where the file was not read."""

    delivery: str
    dataset: str
    dataset_name: str
    file: str
    sheet: str | None
    format: str | None
    encoding: str | None
    mode: str | None
    received_at: datetime
    state: str
    delivered: int | None
    accepted: int | None
    rejected: int | None
    balanced: bool | None
    """delivered = accepted + rejected."""
    message: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """Defects of one ticket that one delivery proved corrected, or that were withdrawn by us."""

    ticket: str
    dataset: str
    dataset_name: str
    rule: str
    message: str
    event: Literal["closed", "withdrawn"]
    delivery: str
    defects: int
    finished_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ReportedDefect:
    """One open defect: where it stands, what was found, how to put it right."""

    ticket: str
    kind: str
    severity: str
    rule: str
    delivery: str
    file: str | None
    sheet: str | None
    row: int | None
    line: int | None
    key: str
    column: str
    column_name: str
    value: str | None
    message: str
    standard: str
    example: str
    how_to_correct: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ReportedReject:
    """One record that could not be read; `text` is null where the dataset has masked columns."""

    ticket: str
    delivery: str
    file: str | None
    sheet: str | None
    row: int | None
    line: int | None
    message: str
    characters: int | None
    text: str | None


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A failing row, prefilled to be corrected; `marks` says by column what is wrong with it.

    `ends_key`: its key is to be corrected, so its record under the key delivered must be ended.
    """

    place: str
    values: tuple[str | None, ...]
    marks: Mapping[str, str]
    ends_key: bool = False


@dataclass(frozen=True, slots=True)
class CorrectionSheet:
    """Failing rows of one dataset and header shape, to be filled in and delivered back."""

    dataset: str
    dataset_name: str
    shape: str | None
    operation_column: str | None
    columns: tuple[str, ...]
    """Column ids; `headers` their Chinese names."""
    key_columns: frozenset[str]
    headers: tuple[str, ...]
    masked: frozenset[str]
    """Columns whose grade keeps them from being prefilled."""
    rows: tuple[CorrectionRow, ...]


@dataclass(frozen=True, slots=True)
class DatasetSection:
    """All that a report says of one dataset; `total` open defects, `shown` of them listed."""

    dataset: str
    dataset_name: str
    total: int
    defects: tuple[ReportedDefect, ...]
    rejects: tuple[ReportedReject, ...]
    corrections: tuple[CorrectionSheet, ...]

    @property
    def shown(self) -> int:
        """Defects and unreadable records listed."""
        return len(self.defects) + len(self.rejects)


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """A score of the agency as of now: one of six dimensions, or one of four words.

    `passed` and `asked` are A and B, null for a word, which is a mean; `score` 0 to 1, null where
    nothing was asked; `previous` that of the report before.
    """

    kind: Literal["dimension", "word"]
    id: str
    name: str
    passed: int | None
    asked: int | None
    score: float | None
    previous: float | None


@dataclass(frozen=True, slots=True)
class Divergence:
    """A value of the agency's that differs from the standard source's, masked by grade.

    No defect: which of the two is right is to be found out.
    """

    dataset: str
    dataset_name: str
    column_name: str
    delivery: str
    file: str | None
    row: int
    base_table: str
    key: str
    value: str | None
    standard_value: str | None
    standard_agency: str
    standard_dataset: str


@dataclass(frozen=True, slots=True)
class Divergences:
    """Those of one agency: how many there are, and the ones listed."""

    total: int = 0
    listed: tuple[Divergence, ...] = ()


NO_DIVERGENCES = Divergences()


@dataclass(frozen=True, slots=True)
class Report:
    """One agency's report of one day."""

    agency: str
    agency_name: str
    bureau_name: str
    date: date
    at: datetime
    since: datetime | None
    """Time of the report before; None in the first one."""
    catalog_version: str
    last_event_no: int
    deliveries: tuple[ReportedDelivery, ...]
    tickets: tuple[dict[str, Any], ...]
    """Open tickets as rows of `quality.tickets.TICKETS`, most harmful first."""
    finished: tuple[Finished, ...]
    sections: tuple[DatasetSection, ...]
    scores: tuple[ReportedScore, ...] = ()
    """Words first; empty where nothing of the agency was scored."""
    divergences: Divergences = NO_DIVERGENCES

    def open_defects(self, severity: str) -> int:
        """Number of open errors or queries."""
        return sum(row["open_count"] for row in self.tickets if row["severity"] == severity)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What was written for one agency; defects open now, and finished since the last report."""

    agency: str
    folder: Path
    errors: int
    queries: int
    corrected: int
    withdrawn: int
    deliveries: int
