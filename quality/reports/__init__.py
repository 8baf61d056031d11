"""What agencies are told: a workbook, the same as JSON, and a one-page digest; and draft reports.

`collect` gathers a report, `workbook`, `document` and `digest` write it, `draft` judges a file that
was not delivered.
"""

from quality.reports.draft import DraftReport, draft_defects
from quality.reports.model import Report, ReportSummary
from quality.reports.write import write_reports

__all__ = ["DraftReport", "Report", "ReportSummary", "draft_defects", "write_reports"]
