"""A dataset with a column of every kind of element, a right row of it, and reading a verdict."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from catalog.load import Catalog
from quality.expectations import Verdict
from quality.rules.derive import rules_of
from quality.rules.model import Rule

REF = "health/visits"
AS_OF = date(2026, 11, 1)
COLUMNS: list[dict[str, Any]] = [
    {"id": "uscc", "required": True},
    {
        "id": "organization_code",
        "required": True,
        "derived": {"column": "uscc", "part": "organization_code"},
    },
    {"id": "id_no"},
    {"id": "name", "required": True},
    {"id": "birth_date"},
    {"id": "visited_at"},
    {"id": "valid_to"},
    {"id": "sex", "required": True},
    {"id": "ward"},
    {"id": "fee"},
    {"id": "deposit", "default_unit": "元"},
    {"id": "currency", "derived": {"column": "deposit", "part": "currency"}},
    {"id": "days"},
]
RULES: list[dict[str, Any]] = [
    {
        "id": "days_cost",
        "check": "fee >= days * 10 or name like '%免%'",
        "columns": ["fee", "days"],
        "message": "费用少于天数乘以10",
        "dimension": "consistency",
        "severity": "query",
        "how_to_correct": "请核对",
    }
]
RIGHT = {
    "uscc": "91110000600037341L",
    "id_no": "11010519491231002X",
    "name": "张三",
    "birth_date": "1949-12-31",
    "visited_at": "2026-01-31T08:30:00",
    "sex": "1",
    "ward": "A01",
    "fee": "120.50",
    "days": "3",
}

Judge = Callable[..., Verdict]


def found(judged: Verdict) -> dict[str, int]:
    """Rule → expectation count, without the rules that nothing breaks."""
    return {c.rule: c.expectation_count for c in judged.counts if c.expectation_count}


def rule_of(catalog: Catalog, rule_id: str) -> Rule:
    return next(rule for rule in rules_of(catalog, REF) if rule.id == rule_id)
