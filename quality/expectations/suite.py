"""Which expectation counts which rule.

Belongs here: the translation of a dataset's rules into expectations, native ones where they exist.
Importing this module imports Great Expectations: import it inside functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from great_expectations.expectations.expectation import Expectation

from catalog.models.elements import ElementType
from quality.expectations.batch import Question
from quality.expectations.datasource import (
    Between,
    InSet,
    LengthsBetween,
    NoViolation,
)
from quality.expectations.judgements import SMALL_SET, in_force
from quality.expectations.scope import MASKS_KNOWN, ONE_FOR_ONE, RULE, VALUES_KEPT, not_judged
from quality.rules.derive import rules_of
from quality.rules.model import Rule
from warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from catalog.load import Catalog


def expectations_of(
    catalog: Catalog, ref: str, as_of: date, asked: tuple[Question, ...]
) -> Iterator[Expectation]:
    """One expectation for each rule that can be judged, and the three invariants of the pass.

    Raises NotImplementedError for a rule of a kind that nobody taught the second opinion.
    """
    by_column = {question.column.id: question for question in asked}
    unjudged = not_judged(catalog, ref)
    for rule in rules_of(catalog, ref):
        if rule.id not in unjudged:
            yield _of_rule(catalog, rule, by_column, as_of)
    yield NoViolation(
        column="_row",
        violation="_row IS DISTINCT FROM _raw_row OR _op IS DISTINCT FROM _raw_op",
        meta={RULE: ONE_FOR_ONE},
    )
    yield NoViolation(
        column="_row",
        violation=_mask_unknown(rules_of(catalog, ref)),
        meta={RULE: MASKS_KNOWN},
    )
    yield NoViolation(
        column="_row",
        violation=_value_lost(catalog, ref, asked),
        meta={RULE: VALUES_KEPT},
    )


def _of_rule(catalog: Catalog, rule: Rule, asked: dict[str, Question], as_of: date) -> Expectation:
    meta = {RULE: rule.id}
    name = rule.columns[0]
    if rule.check is not None:
        errors = (f" AND NOT coalesce({_violation(each, asked)}, FALSE)" for each in rule.after)
        return NoViolation(column=name, violation=f"NOT ({rule.check}){''.join(errors)}", meta=meta)
    native = None
    if rule.kind not in _STATED and not asked[name].by_first_fault:
        native = _native(catalog, rule, asked[name], as_of)
    return native or NoViolation(column=name, violation=_violation(rule.id, asked), meta=meta)


_STATED = {
    "required": "{says} IS NULL",
    "null_word": "{says} = 'null_word'",
    "unreadable": "{says} = 'value' AND {value} IS NULL",
}
"""Kind of rule → its violation, told by what the delivered text says."""


def _violation(rule: str, asked: Mapping[str, Question]) -> str:
    """SQL: a row of the view breaks this rule of a single column."""
    name, _, kind = rule.partition(".")
    if kind in _STATED:
        return _STATED[kind].format(says=quoted("_stated_" + name), value=quoted(name))
    violated = {violation.kind: violation.sql for violation in asked[name].violations}
    if kind not in violated:
        raise NotImplementedError(f"no second opinion on rules of kind {kind}: {rule}")
    if asked[name].by_first_fault:
        return f"{quoted('_fault_' + name)} = {literal(kind)}"
    return violated[kind]


def _native(catalog: Catalog, rule: Rule, question: Question, as_of: date) -> Expectation | None:
    """An expectation of Great Expectations' own for the rule, where there is one."""
    meta = {RULE: rule.id}
    name = question.column.id
    element = catalog.elements[question.column.element]
    if rule.kind == "max_length":
        return LengthsBetween(column=name, max_value=element.max_length, meta=meta)
    # Great Expectations binds a limit as a double: exact for integers only.
    whole = all(
        limit is None or limit == int(limit) for limit in (element.minimum, element.maximum)
    )
    if rule.kind == "range" and whole:
        low, high = (None if x is None else int(x) for x in (element.minimum, element.maximum))
        return Between(column=name, min_value=low, max_value=high, meta=meta)
    plain = element.format != "code_list" and question.column.dated_by is None
    if rule.kind == "code" and element.code_table and plain:
        codes = in_force(catalog.codes(element.code_table), as_of)
        if len(codes) <= SMALL_SET:
            return InSet(column=name, value_set=codes, meta=meta)
    return None


def _mask_unknown(rules: Sequence[Rule]) -> str:
    """A mask is NULL, or has a bit that belongs to no rule."""
    known = {"_failed": 0}
    for rule in rules:
        known[rule.mask_column] = known.get(rule.mask_column, 0) | rule.mask_value
    return " OR ".join(f"{mask} IS NULL OR ({mask} & {~bits}) <> 0" for mask, bits in known.items())


def _value_lost(catalog: Catalog, ref: str, asked: tuple[Question, ...]) -> str:
    """A delivered value of a type that can always be read, and no standard value."""
    texts = [
        question.column.id
        for question in asked
        if catalog.element_of(ref, question.column.id).type in (ElementType.TEXT, ElementType.CODE)
    ]
    lost = (f"({quoted('_stated_' + name)} = 'value' AND {quoted(name)} IS NULL)" for name in texts)
    return " OR ".join(lost) or "FALSE"
