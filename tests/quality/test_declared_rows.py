"""Rows that an agency would deliver, right ones and ones with one mistake each.

Of the declared datasets about insurance, property, transport and utilities. A row's mistake is the
change of a right row that comes with the name of the one rule it must break.
"""

from __future__ import annotations

from typing import Any

import pytest

from catalog.load import load_catalog

CATALOG = load_catalog()

RIGHT: dict[str, dict[str, str]] = {
    "human_resources/insurance_enrollments": {
        "enrollment_no": "37030300000000012345",
        "id_no": "11010519491231002X",
        "name": "张三",
        "insurance_type": "企业职工基本养老保险",
        "employer_uscc": "91110000600037341L",
        "insured_division": "张店区",
        "status": "参保缴费",
        "started_on": "2010-05-01",
    },
    "human_resources/contributions": {
        "detail_no": "202609000000000123",
        "id_no": "11010519491231002X",
        "employer_uscc": "91110000600037341L",
        "insurance_type": "110",
        "period": "202609",
        "base": "6850",
        "employer_amount": "1096.00",
        "personal_amount": "548",
        "total": "1644",
        "due_amount": "1644",
        "paid_amount": "1644",
        "paid_on": "2026-09-15",
    },
    "human_resources/benefits": {
        "payment_no": "F202609000000000123",
        "id_no": "11010519491231002X",
        "item": "养老金",
        "amount": "3250",
        "period": "2026年9月",
        "entitled_from": "2010-01-01",
    },
    "medical_insurance/insured_persons": {
        "person_no": "37030000000000000000012345",
        "insurance_type": "职工医保",
        "id_no": "11010519491231002X",
        "name": "张三",
        "status": "正常参保",
        "insured_division": "370303",
    },
    "medical_insurance/settlements": {
        "settlement_no": "370300G0000012345678",
        "person_no": "37030000000000000000012345",
        "id_no": "11010519491231002X",
        "insurance_type": "390",
        "institution_code": "H37030300001",
        "medical_type": "普通住院",
        "diagnosis_code": "J18.9",
        "settled_at": "2026-09-18 10:32:05",
        "drug": "100.10",
        "examination": "200",
        "treatment": "300",
        "material": "0",
        "total": "600.1",
        "fund": "400",
        "personal": "200.10",
    },
    "medical_insurance/fund_income": {
        "insurance_type": "310",
        "period": "2026-09",
        "division": "370303",
        "income": "35012.5",
        "other_income": "12.5",
    },
    "taxation/taxpayers": {
        "uscc": "91110000600037341L",
        "grade_year": "2025",
        "name": "淄博示范陶瓷有限公司",
        "status": "正常",
        "authority": "国家税务总局淄博市张店区税务局",
        "credit_grade": "M级",
    },
    "natural_resources/real_estate": {
        "unit_no": "370303001002GB00123F00010001",
        "certificate_no": "鲁（2024）淄博张店区不动产权第0012345号",
        "owner_id": "11010519491231002X",
        "owner": "张三",
        "area": "98.65",
        "use": "成套住宅",
        "mortgaged": "否",
        "address_code": "370303008001000123",
        "registered_on": "2024-05-06",
    },
    "housing/construction_permits": {
        "permit_no": "370303202603120101",
        "project_code": "2603-370303-04-01-123456",
        "project": "淄博示范小区一期1号楼",
        "builder_uscc": "91110000600037341L",
        "cost": "5860.42",
        "area": "21000",
        "division": "370303",
        "issued_on": "2026-03-12",
    },
    "transport/commercial_vehicles": {
        "plate_no": "鲁C12345",
        "certificate_no": "370303012345",
        "uscc": "91110000600037341L",
        "vehicle_type": "重型普通货车",
        "valid_to": "2027-05-05",
    },
    "public_transit/bus_ridership": {
        "line_no": "135",
        "service_date": "2026/9/18",
        "trips": "96",
        "passengers": "4210",
        "punctual_trips": "90",
    },
    "housing_fund/accounts": {
        "account_no": "370300000012345",
        "id_no": "11010519491231002X",
        "name": "张三",
        "employer_uscc": "91110000600037341L",
        "base": "8000",
        "balance": "58210.36",
        "status": "正常",
    },
    "water_supply/bills": {
        "account_no": "3703001234567",
        "period": "2026-09",
        "holder_id": "11010519491231002X",
        "division": "370303008",
        "address_code": "370303008001000123",
        "usage": "18.5",
        "unit": "吨",
        "amount": "61.05",
        "arrears": "0",
    },
    "power_grid/bills": {
        "account_no": "3703001234567",
        "period": "2026-09",
        "holder_id": "11010519491231002X",
        "division": "370303008",
        "address_code": "370303008001000123",
        "usage": "230",
        "unit": "度",
        "amount": "125.8",
        "arrears": "0",
    },
    "gas_supply/bills": {
        "account_no": "3703001234567",
        "period": "2026-09",
        "holder_id": "11010519491231002X",
        "division": "370303008",
        "address_code": "370303008001000123",
        "usage": "20",
        "unit": "立方米",
        "amount": "58",
        "arrears": "0",
    },
    "heat_supply/bills": {
        "account_no": "3703001234567",
        "period": "2026-09",
        "holder_id": "11010519491231002X",
        "division": "370303008",
        "address_code": "370303008001000123",
        "usage": "98.65",
        "unit": "㎡",
        "amount": "542.6",
        "arrears": "0",
    },
}

# dataset → cross-field rule → what is changed in the right row; None empties a value
MISTAKES: dict[str, dict[str, dict[str, str | None]]] = {
    "human_resources/insurance_enrollments": {
        "ended_after_started": {"ended_on": "2009-01-01", "status": "3"},
        "terminated_has_end": {"status": "3"},
        "ended_is_terminated": {"ended_on": "2020-01-01"},
        "employer_stated": {"insurance_type": "失业保险", "employer_uscc": None},
        "residents_have_no_employer": {"insurance_type": "居民养老"},
        "maternity_ended": {"insurance_type": "510"},
    },
    "human_resources/contributions": {
        "total_adds_up": {"total": "1650", "due_amount": "1650"},
        "due_is_total": {"due_amount": "1700"},
        "paid_within_due": {"paid_amount": "2000"},
        "paid_has_date": {"paid_on": None},
        "unpaid_has_no_date": {"paid_amount": "0"},
        "injury_paid_by_employer": {"insurance_type": "410"},
        "base_in_yuan": {"base": "0.685"},
        "total_fits_base": {"base": "2000"},
        "maternity_merged": {"insurance_type": "510"},
    },
    "human_resources/benefits": {
        "entitlement_in_order": {"entitled_to": "2009-01-01"},
        "something_paid": {"amount": "0"},
        "unemployment_benefit_ends": {"item": "失业保险金"},
        "monthly_benefit_amount": {"amount": "0.325"},
    },
    "medical_insurance/settlements": {
        "parts_add_up": {"drug": "1000"},
        "payers_add_up": {"fund": "500"},
        "stay_has_diagnosis": {"diagnosis_code": None},
        "pharmacy_purchase": {"medical_type": "41"},
        "something_charged": {
            "drug": "0",
            "examination": "0",
            "treatment": "0",
            "total": "0",
            "fund": "0",
            "personal": "0",
        },
    },
    "medical_insurance/fund_income": {
        "income_not_negative": {"income": "-1"},
        "other_within_income": {"other_income": "99999"},
        "other_not_negative": {"other_income": "-1"},
    },
    "taxation/taxpayers": {
        "year_of_credit_grades": {"grade_year": "2013", "credit_grade": "A"},
        "m_grade_since_2017": {"grade_year": "2016"},
        "abnormal_not_a": {"status": "非正常", "credit_grade": "A"},
    },
    "natural_resources/real_estate": {
        "cancelled_after_registered": {"cancelled_on": "2020-01-01"},
        "cancelled_free_of_mortgage": {"cancelled_on": "2025-01-01", "mortgaged": "是"},
        "use_fits_unit": {"use": "工业用地"},
        "area_positive": {"area": "0"},
        "dwelling_area": {"area": "5000"},
    },
    "housing/construction_permits": {
        "issued_in_zibo": {"permit_no": "110101202603120101"},
        "price_positive": {"cost": "0"},
        "price_fits_area": {"cost": "586042"},
    },
    "transport/commercial_vehicles": {
        "issued_in_zibo": {"certificate_no": "370102012345"},
        "trailer_plate": {"vehicle_type": "B11"},
    },
    "public_transit/bus_ridership": {
        "punctual_within_trips": {"punctual_trips": "100"},
        "passengers_need_trips": {"trips": "0", "punctual_trips": "0"},
        "passengers_per_trip": {"passengers": "400000"},
    },
    "housing_fund/accounts": {
        "closed_is_empty": {"status": "销户"},
        "paying_has_base": {"base": "0"},
        "base_in_yuan": {"base": "0.8"},
    },
    "water_supply/bills": {
        "unit_of_supply": {"unit": "度"},
        "usage_is_charged": {"amount": "0"},
        "price_plausible": {"amount": "0.0061"},
    },
    "power_grid/bills": {
        "unit_of_supply": {"unit": "立方"},
        "usage_is_charged": {"amount": "0"},
        "price_plausible": {"amount": "0.0061"},
    },
    "gas_supply/bills": {
        "unit_of_supply": {"unit": "度"},
        "usage_is_charged": {"amount": "0"},
        "price_plausible": {"amount": "0.0061"},
    },
    "heat_supply/bills": {
        "unit_of_supply": {"unit": "立方"},
        "usage_is_charged": {"amount": "0"},
        "price_plausible": {"amount": "0.0061"},
    },
}


@pytest.mark.parametrize("ref", RIGHT)
def test_a_right_row_breaks_no_rule(ref: str, staged: Any, failed: Any) -> None:
    frame = staged(CATALOG, [RIGHT[ref]], ref=ref)
    assert failed(CATALOG, frame, ref) == [[]]


@pytest.mark.parametrize(
    ("ref", "rule"), [(ref, rule) for ref, changes in MISTAKES.items() for rule in changes]
)
def test_one_mistake_breaks_its_rule_alone(ref: str, rule: str, staged: Any, failed: Any) -> None:
    frame = staged(CATALOG, [RIGHT[ref] | MISTAKES[ref][rule]], ref=ref)
    assert failed(CATALOG, frame, ref) == [[f"row.{rule}"]]


@pytest.mark.parametrize("ref", MISTAKES)
def test_every_cross_field_rule_has_its_mistake(ref: str) -> None:
    assert set(MISTAKES[ref]) == {rule.id for rule in CATALOG.datasets[ref].rules}
