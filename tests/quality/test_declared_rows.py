"""Right rows as an agency would deliver them, names for codes and other usual forms included.

Of the declared datasets about insurance, property, transport and utilities. What breaks a
cross-field rule stands in `tests/catalog/right_and_wrong/`.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.this_catalog import this_catalog

CATALOG = this_catalog()

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


@pytest.mark.parametrize("ref", RIGHT)
def test_a_right_row_breaks_no_rule(ref: str, staged: Any, failed: Any) -> None:
    frame = staged(CATALOG, [RIGHT[ref]], ref=ref)
    assert failed(CATALOG, frame, ref) == [[]]
