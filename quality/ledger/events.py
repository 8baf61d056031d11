"""What a defect event is: its columns, and the identities of defect and ticket.

Belongs here: the shape of the ledger. Which events a delivery causes stands in
`quality.ledger.reconcile`; the same identities in SQL stand in `sql/identity.sql`.
"""

from __future__ import annotations

import hashlib

import polars as pl

EVENTS_TABLE = "quality/defect_events"
"""The ledger's place in the lake."""

DEFECT_EVENTS = pl.Schema(
    {
        "event_no": pl.Int64(),
        "at": pl.Datetime("us"),
        "event": pl.String(),
        "cause": pl.String(),
        "kind": pl.String(),
        "defect": pl.String(),
        "ticket": pl.String(),
        "dataset": pl.String(),
        "agency": pl.String(),
        "rule": pl.String(),
        "key": pl.String(),
        "column": pl.String(),
        "delivery": pl.String(),
        "row": pl.Int64(),
        "line": pl.Int64(),
        "value": pl.String(),
        "reason": pl.String(),
    }
)
"""One row an event; key `event_no`, counted from 1 without gaps.

- `at`: Asia/Shanghai wall time.
- `event`: opened, reopened, closed, withdrawn. A defect is open after the first two.
- `cause`: state of the causing delivery: applied, withdrawn, refused, held, of what ends an
  absence received and duplicate too; asked where no delivery of the deliverer's caused it, but
  asking a rule again over what others delivered, or another rule.
  Only what comes back with an applied delivery is a relapse of the agency.
- `kind`: row (a rule of the row mask), shared_key (two deliverers hold the key), quarantine (row
  without key), reject (not readable as a row), delivery; between (held against other rows) and
  absence (nothing was delivered), which `quality.ledger.between` settles for all datasets at once.
- `dataset`: `<agency>/<dataset>`; `agency`: the deliverer; `key`: record key, key parts joined with
  U+001F, or the identity of a row without key; `column`: the column to correct, '' for none.
- `delivery`, `row`, `line`: where it was found; for closed, the proving delivery and its row.
- `value`: the text as delivered; null when closed. Personal values stand here unmasked: whoever
  shows them masks them.
- `reason`: Chinese.
"""

UNIT = "\x1f"
"""U+001F, joins the parts of keys and identities."""


def _digest(*parts: str) -> str:
    return hashlib.md5(UNIT.join(parts).encode(), usedforsecurity=False).hexdigest()


def defect_id(dataset: str, agency: str, key: str, column: str, rule: str) -> str:
    """Identity of a defect over all deliveries: 20 hexadecimal digits."""
    return _digest(dataset, agency, key, column, rule)[:20]


def ticket_id(dataset: str, agency: str, rule: str) -> str:
    """Identity of a ticket, e.g. `T-1A2B3C4D`: one for each dataset, deliverer and rule."""
    return f"T-{_digest(dataset, agency, rule)[:8].upper()}"
