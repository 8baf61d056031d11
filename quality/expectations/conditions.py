"""Conditions by which DuckDB tells what is absent and what is wrong, one set for each format.

Belongs here: SQL conditions as text, `{v}` standing for the value and `{as_of}` for the day it is
judged on. Does not belong here: which of them a column is asked, and those that follow from its
declaration (`quality.expectations.judgements`). Written from the standards, apart from
`quality.standards`: the two must come to the same counts without sharing an error. The arithmetic
of identifiers stands in `warehouse/macros/`.
"""

from __future__ import annotations

_RUNNING = ("is_blank({v})", "is_null_word({v})")
SYMBOL = ("is_blank_symbol({v})", "is_null_symbol({v})")
ABSENT: dict[str, tuple[str, str]] = {
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
"""Format → (says nothing, says "nothing" in words). Identifiers, numbers and amounts: `SYMBOL`."""

NULL_WORD_CHARACTERS = frozenset("nulaoeidfrvm()#!?0/\\;-—－／暂无数据空值白没有")
"""What null words are written with: a name with any other character is none."""

_NO_DIVISION = (
    "coalesce((SELECT max(last_day) FROM divisions WHERE divisions.code = substr({v}, 1, 6)),"
    " DATE '0001-01-01') < id_no_birth_date({v})"
)
_NUMBER = "length({v}) = 18 AND id_no_date_ok({v}, {as_of})"
"""A subject that reads as an identity number: a fault of it only where it is no sound
统一社会信用代码, which is asked last, for it takes longest."""
_CODE = "length({v}) = 18 AND NOT id_no_date_ok({v}, {as_of})"

CHECKS: dict[str, dict[str, str]] = {
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

DIVISIONS = "gbt2260"
"""Code table of divisions with their history."""

WITH_DIVISIONS = frozenset(
    name for name, checks in CHECKS.items() if any(_NO_DIVISION in sql for sql in checks.values())
)
"""Formats whose conditions ask the table `divisions`."""
