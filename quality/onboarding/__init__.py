"""Helping a new dataset in: guessing what a sample's columns hold, and the form agencies fill in.

Belongs here: what needs the standards library. Reading the sample stands in
`warehouse.intake.sample`, a new agency in `catalog.new_agency`.
"""

from quality.onboarding.draft import Decisions, draft_dataset
from quality.onboarding.template import write_template

__all__ = ["Decisions", "draft_dataset", "write_template"]
