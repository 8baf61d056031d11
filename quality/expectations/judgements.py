"""What DuckDB asks of a column, in SQL.

Belongs here: how a delivered text is told to say something, and in which order which conditions
explain a wrong value. Written from the standards and the catalogue, apart from `quality.standards`:
the two must come to the same counts without sharing an error. The arithmetic of identifiers stands
in `warehouse/macros/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from catalog.models.code_tables import Code
from catalog.models.datasets import Column
from catalog.models.elements import Element, ElementType
from warehouse.engine import literal, quoted

if TYPE_CHECKING:
    from catalog.load import Catalog

DIVISIONS = "gbt2260"
"""Code table of divisions with their history."""

SMALL_SET = 200
"""Largest set of codes handed to Great Expectations as values; larger ones are looked up."""

_RUNNING = ("is_blank({v})", "is_null_word({v})")
_SYMBOL = ("is_blank_symbol({v})", "is_null_symbol({v})")
_ABSENT: dict[str, tuple[str, str]] = {
    "text": _RUNNING,
    "entity_name": _RUNNING,
    "code": _RUNNING,
    "code_list": _RUNNING,
    # 暂　无: between Han characters a blank only pads.
    "person_name": (
        "is_blank({v})",
        r"is_listed_null_word("
        r"regexp_replace(running_text({v}), '(\p{{Han}}) ', '\1', 'g'))",
    ),
    # Blanks stand between date and time, so they count.
    "date": (
        "is_blank_symbol({v})",
        "is_listed_null_word(trim(running_text(halfwidth({v})), '''\"`‘’“”′'))",
    ),
    # Brackets and hyphens are separators, a number of nothing else is none.
    "phone": (
        "is_blank_symbol({v}) OR (NOT is_null_symbol({v}) AND trim(symbol_text({v}), '-()') = '')",
        "is_null_symbol({v})",
    ),
}
"""Format → (says nothing, says "nothing" in words). Identifiers, numbers and amounts: `_SYMBOL`."""

_NULL_WORD_CHARACTERS = frozenset("nulaoeidfrvm()#!?0/\\;-—－／暂无数据空值白没有")
"""What null words are written with: a name with any other character is none."""

_NO_DIVISION = (
    "coalesce((SELECT max(last_day) FROM divisions WHERE divisions.code = substr({v}, 1, 6)),"
    " DATE '0001-01-01') < id_no_birth_date({v})"
)
_NUMBER = "length({v}) = 18 AND id_no_date_ok({v}, {as_of})"
"""A subject that reads as an identity number: a fault of it only where it is no sound
统一社会信用代码, which is asked last, for it takes longest."""
_CODE = "length({v}) = 18 AND NOT id_no_date_ok({v}, {as_of})"

_CHECKS: dict[str, dict[str, str]] = {
    "uscc": {
        "length": "NOT uscc_length_ok({v})",
        "alphabet": "NOT uscc_alphabet_ok({v})",
        "check_digit": "NOT uscc_check_ok({v})",
        "inner_check": "NOT uscc_inner_is_valid({v})",
        "department": "NOT uscc_department_known({v})",
    },
    "organization_code": {
        "form": "NOT organization_code_form_ok({v})",
        "check_digit": "NOT organization_code_check_ok({v})",
    },
    "registration_no": {
        "form": "NOT registration_no_form_ok({v})",
        "check_digit": "NOT registration_no_check_ok({v})",
    },
    "id_no": {
        "length": "NOT id_no_length_ok({v})",
        "alphabet": "NOT id_no_alphabet_ok({v})",
        "date": "NOT id_no_date_ok({v}, {as_of})",
        "check_digit": "NOT id_no_check_ok({v})",
        "division": _NO_DIVISION,
    },
    "document_no": {
        "length": "looks_like_id_no({v}) AND NOT id_no_length_ok({v})",
        "alphabet": "looks_like_id_no({v}) AND NOT id_no_alphabet_ok({v})",
        "date": "looks_like_id_no({v}) AND NOT id_no_date_ok({v}, {as_of})",
        "check_digit": "looks_like_id_no({v}) AND NOT id_no_check_ok({v})",
        "division": "looks_like_id_no({v}) AND NOT id_no_of_residence_permit({v})"
        f" AND {_NO_DIVISION}",
        "form": "NOT looks_like_id_no({v}) AND NOT other_document_form_ok({v})",
    },
    "subject_no": {
        "length": "length({v}) <> 18 AND NOT subject_no_short_ok({v})"
        " AND NOT regexp_full_match({v}, '[0-9]{{15}}')"
        " AND (looks_like_id_no({v}) OR regexp_full_match({v}, '[0-9A-Z]{{13,}}'))",
        "id_alphabet": "length({v}) = 18 AND contains({v}, '*') AND looks_like_id_no({v})",
        "id_date": "regexp_full_match({v}, '[0-9]{{15}}') AND NOT subject_no_short_ok({v})",
        "id_check_digit": f"{_NUMBER} AND NOT id_no_check_ok({{v}}) AND NOT uscc_is_sound({{v}})",
        "id_division": f"{_NUMBER} AND NOT id_no_of_residence_permit({{v}}) AND {_NO_DIVISION}"
        " AND NOT uscc_is_sound({v})",
        "uscc_alphabet": f"{_CODE} AND NOT uscc_alphabet_ok({{v}})",
        "uscc_check_digit": f"{_CODE} AND NOT uscc_check_ok({{v}})",
        "uscc_inner_check": f"{_CODE} AND NOT uscc_inner_is_valid({{v}})",
        "uscc_department": f"{_CODE} AND NOT uscc_department_known({{v}})",
        "form": "length({v}) <> 18 AND NOT subject_no_short_ok({v})",
    },
    "food_license_no": {
        "prefix": "NOT food_license_no_prefix_ok({v})",
        "length": "NOT food_license_no_length_ok({v})",
        "alphabet": "NOT food_license_no_alphabet_ok({v})",
        "check_digit": "NOT food_license_no_check_ok({v})",
        "category": "NOT food_license_no_category_known({v})",
        "division": "NOT food_license_no_division_known({v})",
    },
    "license_identifier": {
        "root": "NOT license_identifier_root_ok({v})",
        "alphabet": "NOT license_identifier_alphabet_ok({v})",
        "form": "NOT license_identifier_form_ok({v})",
        "issuer": "NOT license_identifier_issuer_ok({v})",
        "check_digit": "NOT license_identifier_check_ok({v})",
    },
    "discharge_permit_no": {
        "length": "NOT discharge_permit_no_length_ok({v})",
        "form": "NOT discharge_permit_no_form_ok({v})",
        "check_digit": "NOT discharge_permit_no_check_ok({v})",
    },
    "cas_no": {
        "form": "NOT cas_no_form_ok({v})",
        "check_digit": "NOT cas_no_check_ok({v})",
    },
    "real_estate_unit_no": {
        "length": "NOT real_estate_unit_no_length_ok({v})",
        "form": "NOT real_estate_unit_no_form_ok({v})",
        "fixture": "NOT real_estate_unit_no_fixture_agrees({v})",
        "division": "NOT real_estate_unit_no_division_known({v})",
    },
    "icd10": {"form": "NOT icd10_form_ok({v})"},
    "plate_no": {
        "province": "NOT plate_no_province_ok({v})",
        "length": "NOT plate_no_length_ok({v})",
        "form": "length({v}) = 7 AND NOT plate_no_ordinary_ok({v})",
        "new_energy": "length({v}) = 8 AND NOT plate_no_new_energy_ok({v})",
    },
    "period": {
        "form": "NOT period_form_ok({v})",
        "range": "NOT period_range_ok({v})",
    },
    "phone": {"form": "NOT phone_form_ok({v})"},
}
"""Format → kind of rule → condition of a violation, in the order in which they explain a value."""

WITH_DIVISIONS = frozenset(
    name for name, checks in _CHECKS.items() if any(_NO_DIVISION in sql for sql in checks.values())
)
"""Formats whose conditions ask the table `divisions`."""

_OF_TYPE = {
    ElementType.TEXT: "text",
    ElementType.CODE: "code",
    ElementType.DATE: "date",
    ElementType.DATETIME: "date",
    ElementType.BOOLEAN: "boolean",
}

_SENTINELS = "'1899-12-30', '1899-12-31', '1900-01-01', '9999-12-31'"
_SENTINEL_YEAR = 2099


@dataclass(frozen=True, slots=True)
class Violation:
    """A kind of rule and the SQL condition of a standard value that breaks it."""

    kind: str
    sql: str


def in_force(codes: tuple[Code, ...], as_of: date) -> list[str]:
    """The codes of a table that are valid on a day, sorted."""
    day = as_of.isoformat()
    return sorted(
        {
            code.code
            for code in codes
            if (not code.valid_from or code.valid_from <= day)
            and (not code.valid_to or day <= code.valid_to)
        }
    )


def stated(catalog: Catalog, element: Element, text: str) -> str:
    """SQL of type `said`: NULL where the text says nothing, 'null_word', or 'value'."""
    name = _format(element)
    blank, null_word = _ABSENT.get(name, _SYMBOL)
    null_word = f"({null_word})"
    kept = _kept_words(catalog, element, name)
    if kept:
        listed = ", ".join(literal(word) for word in kept)
        null_word += f" AND NOT list_contains([{listed}], lower(running_text({{v}})))"
    return (
        # Most values are told by one look at their characters, blanks included.
        "CASE WHEN NOT may_be_null_word({v}) THEN 'value'::said"
        f" WHEN {blank} THEN NULL WHEN {null_word} THEN 'null_word'::said ELSE 'value'::said END"
    ).format(v=text)


def _kept_words(catalog: Catalog, element: Element, name: str) -> list[str]:
    """Words that mean something in this column, so that none of them is a null word."""
    if name == "boolean":
        return ["无"]
    if name not in ("code", "code_list") or not element.code_table:
        return []
    return sorted(
        {
            word.lower()
            for code in catalog.codes(element.code_table)
            for word in (code.code, code.name, *code.aliases)
            if _NULL_WORD_CHARACTERS.issuperset(word.lower())
        }
    )


def violations(
    catalog: Catalog, column: Column, as_of: date, kinds: frozenset[str]
) -> list[Violation]:
    """Conditions on the column's standard value, the first that holds explains it.

    `kinds` are the kinds of rules that the column has. The conditions are asked of values that
    are not null.
    """
    element = catalog.elements[column.element]
    found = list(_violations(catalog, element, quoted(column.id), as_of))
    if column.dated_by:
        dated = Violation("code", _outside_term(column, element, as_of))
        found = [dated if each.kind == "code" else each for each in found]
    return [violation for violation in found if violation.kind in kinds]


def _violations(catalog: Catalog, element: Element, value: str, as_of: date) -> Iterator[Violation]:
    today = f"DATE '{as_of.isoformat()}'"
    for kind, sql in _CHECKS.get(_format(element), {}).items():
        yield Violation(kind, sql.format(v=value, as_of=today))
    if element.code_table:
        yield Violation("code", _unknown_code(value, element))
    if element.pattern is not None:
        pattern = literal(element.pattern)
        yield Violation("pattern", f"NOT regexp_full_match({value}, {pattern})")
    if element.max_length is not None:
        yield Violation("max_length", f"length({value}) > {element.max_length}")
    limits = [
        f"{value} {sign} {exact(limit)}"
        for sign, limit in (("<", element.minimum), (">", element.maximum))
        if limit is not None
    ]
    if limits:
        yield Violation("range", " OR ".join(limits))
    day = f"period_first_day({value})" if element.format == "period" else f"CAST({value} AS DATE)"
    yield from _date_violations(element, day, today)


def _unknown_code(value: str, element: Element) -> str:
    codes = f"codes_{element.code_table}"
    if element.format != "code_list":
        return f"{value} NOT IN (SELECT code FROM {codes})"
    return (
        f"NOT list_has_all(coalesce((SELECT list(code) FROM {codes}), []),"
        f" string_split({value}, ';'))"
    )


def _outside_term(column: Column, element: Element, as_of: date) -> str:
    """The code's term, against as much of a day as the row's date tells."""
    own = f"CAST({quoted(column.dated_by or '')} AS VARCHAR)"
    day = (
        f"coalesce(nullif(regexp_extract({own}, '^[0-9]{{4}}(-[0-9]{{2}}){{0,2}}'), ''),"
        f" '{as_of.isoformat()}')"
    )
    return (
        f"{quoted(column.id)} IS NOT NULL AND NOT coalesce("
        f"(SELECT bool_or({day} BETWEEN left(first_day, length({day}))"
        f" AND left(last_day, length({day}))) FROM terms_{element.code_table} AS terms"
        f" WHERE terms.code = {quoted(column.id)}), false)"
    )


def _date_violations(element: Element, day: str, today: str) -> Iterator[Violation]:
    placeholder = f"{day} IN ({_SENTINELS}) OR year({day}) >= {_SENTINEL_YEAR}"
    if element.earliest:
        placeholder += f" OR {day} < DATE {literal(element.earliest)}"
    yield Violation("sentinel_date", placeholder)
    yield Violation("future_date", f"{day} > {today}")


def exact(limit: float) -> str:
    """A limit as it is written: DuckDB compares a decimal literal with decimals exactly."""
    return str(int(limit)) if limit == int(limit) else repr(limit)


def _format(element: Element) -> str:
    if element.format is not None:
        return {"datetime": "date"}.get(element.format, element.format)
    return "code" if element.code_table else _OF_TYPE.get(element.type, "number")
