"""The second opinion: Great Expectations counts on DuckDB what Polars marked.

Belongs here: everything that Great Expectations and DuckDB say about a delivery, stated apart from
`quality.standards` and never from the masks. What follows from a disagreement is `assets.intake`'s
to decide.

Great Expectations takes seconds to import: `datasource` and `suite` import it, `verdict` imports
them when it is called, and `prepare` begins to, in the background.
"""

from quality.expectations.verdict import RuleCount, Verdict, prepare, verdict

__all__ = ["RuleCount", "Verdict", "prepare", "verdict"]
