"""Rows that an agency would deliver, right ones and ones with one mistake each.

Of the declared registers, approvals, environment, safety, statistics, state assets and credit. A
row's mistake is the change of a right row that comes with the name of the one rule it must break.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.this_catalog import this_catalog

CATALOG = this_catalog()

COUNTERPARTY = {
    "name": "淄博示范陶瓷有限公司",
    "category": "法人及非法人组织",
    "uscc": "91110000600037341L",
    "legal_representative": "张三",
    "representative_document_type": "居民身份证",
    "representative_id_no": "11010519491231002X",
}
RIGHT: dict[str, dict[str, str]] = {
    "institutional_commission/public_bodies": {
        "uscc": "12370300MB0EXMP10E",
        "name": "淄博市示范中心",
        "body_type": "公益一类事业单位",
        "superior_uscc": "11370300MB0EXMP29E",
        "legal_representative": "张三",
        "address": "山东省淄博市张店区人民西路24号",
        "status": "正常",
        "established_on": "2019-01-18",
    },
    "market_supervision/shareholders": {
        "uscc": "91110000600037341L",
        "holder_id": "11010519491231002X",
        "holder_type": "自然人股东",
        "holder": "张三",
        "share_percent": "35.5",
        "paid_in": "350.5",
    },
    "market_supervision/registration_changes": {
        "uscc": "91110000600037341L",
        "change_no": "20260506000123",
        "item": "住所变更",
        "before": "山东省淄博市张店区柳泉路1号",
        "after": "山东省淄博市张店区人民西路2号",
        "changed_on": "2026/5/6",
    },
    "market_supervision/food_licenses": {
        "license_no": "JY13703030001232",
        "uscc": "91110000600037341L",
        "holder": "淄博示范陶瓷有限公司",
        "business_form": "食品销售",
        "division": "张店区",
        "address": "山东省淄博市张店区柳泉路1号",
        "lon": "118.0548",
        "lat": "36.8131",
        "valid_from": "2024-05-06",
        "valid_to": "2029-05-05",
        "status": "有效",
    },
    "market_supervision/food_samplings": {
        "sample_no": "DBJ26370300123456789",
        "item": "菌落总数",
        "uscc": "91110000600037341L",
        "producer_uscc": "91110000600037341L",
        "product": "酱油",
        "category": "调味品",
        "batch": "2026-03-12",
        "standard": "GB 2717-2018",
        "result": "合格",
        "sampled_division": "370303",
        "sampled_on": "20260402",
    },
    "market_supervision/abnormal_operations": {
        "list_no": "370303202607010012345",
        "uscc": "91110000600037341L",
        "reason": "通过登记的住所或者经营场所无法联系的",
        "listed_on": "2026-07-01",
        "removed_on": "2026-08-15",
    },
    "administrative_approval/service_items": {
        "item_code": "11370300MB0EXMP29E4370123001000",
        "name": "食品经营许可（新办）",
        "agency_uscc": "11370300MB0EXMP29E",
        "promised_days": "5",
        "statutory_days": "20",
        "required_license_types": "营业执照;居民身份证",
    },
    "administrative_approval/service_cases": {
        "case_no": "370303202605060001234",
        "item_code": "11370300MB0EXMP29E4370123001000",
        "agency_uscc": "11370300MB0EXMP29E",
        "division": "370303",
        "applicant_type": "法人",
        "applicant_id": "91110000600037341L",
        "applicant": "淄博示范陶瓷有限公司",
        "submitted_license_types": "营业执照",
        "accepted_at": "2026-05-06 09:12:00",
        "promised_days": "5",
        "paused_days": "0",
        "finished_at": "2026-05-09 16:40:00",
        "state": "准予许可",
    },
    "administrative_approval/electronic_licenses": {
        "license_identifier": (
            "1.2.156.3005.2.11100000MB0143028R001.91370303MA3EXMPL6B.20260000123.001.K"
        ),
        "type_code": "营业执照",
        "number": "91110000600037341L",
        "holder_type": "法人",
        "holder_id": "91110000600037341L",
        "holder": "淄博示范陶瓷有限公司",
        "issuer_uscc": "11370300MB0EXMP29E",
        "issued_on": "2026-05-06",
        "status": "有效",
    },
    "ecology/air_stations": {
        "station_code": "1299A",
        "name": "南定",
        "division": "370303",
        "lon": "118.0548",
        "lat": "36.8131",
        "monitored": "PM2.5;可吸入颗粒物;SO2;NO2;CO;O3",
    },
    "ecology/discharge_permits": {
        "permit_no": "91110000600037341L001V",
        "uscc": "91110000600037341L",
        "industry": "3071",
        "division": "370303",
        "watershed": "孝妇河流域",
        "pollutants": "化学需氧量;氨氮",
        "valid_from": "2024-05-06",
        "valid_to": "2029-05-05",
    },
    "water/reservoirs_and_rivers": {
        "station_code": "41801500",
        "observed_at": "2026-07-20 08:00:00",
        "watershed": "淄河",
        "water_level": "94.35",
        "flow": "12.4",
        "warning_level": "96",
    },
    "emergency/major_hazards": {
        "source_no": "BA370305000123",
        "uscc": "91110000600037341L",
        "chemical": "氨",
        "cas_no": "7664-41-7",
        "quantity": "120.5",
        "r_value": "56.3",
        "level": "二级",
        "lon": "118.3",
        "lat": "36.8",
    },
    "emergency/hidden_dangers": {
        "danger_no": "YH20260506000123",
        "uscc": "91110000600037341L",
        "level": "一般",
        "found_on": "2026-05-06",
        "deadline": "2026-06-05",
        "closed_on": "2026-05-30",
        "verifier": "张三",
    },
    "statistics/indicator_values": {
        "indicator_code": "地区生产总值",
        "period": "2026Q1",
        "division": "淄博市",
        "basis": "累计",
        "version": "初步核算数",
        "value": "1042.35",
        "unit": "亿元",
        "published_on": "2026-04-22",
    },
    "state_assets/enterprises": {
        "uscc": "91110000600037341L",
        "parent_uscc": "11370300MB0EXMP29E",
        "name": "淄博示范陶瓷有限公司",
        "level": "1",
        "share_percent": "100",
        "controlled": "是",
    },
    "state_assets/financial_reports": {
        "uscc": "91110000600037341L",
        "period": "2026-09",
        "basis": "合并",
        "assets": "152000.5",
        "liabilities": "80100",
        "revenue": "36000",
        "profit": "-120.6",
        "opening_capital": "70100",
        "closing_capital": "71900.5",
    },
    "development_reform/administrative_licenses": {
        **COUNTERPARTY,
        "document_name": "准予行政许可决定书",
        "document_no": "张审批许字〔2026〕12号",
        "kind": "普通",
        "certificate_name": "食品经营许可证",
        "certificate_no": "JY13703030001232",
        "content": "食品销售",
        "decided_on": "2026-05-06",
        "valid_from": "2026-05-06",
        "valid_to": "2031-05-05",
        "agency_name": "淄博市张店区行政审批服务局",
        "agency_uscc": "11370300MB0EXMP29E",
        "status": "有效",
        "source_name": "淄博市张店区行政审批服务局",
        "source_uscc": "11370300MB0EXMP29E",
    },
    "development_reform/administrative_penalties": {
        **COUNTERPARTY,
        "document_no": "淄市监罚字〔2026〕12号",
        "violation_type": "未取得食品经营许可从事食品经营活动",
        "violation_facts": "当事人未取得食品经营许可，从事热食类食品制售",
        "basis": "《中华人民共和国食品安全法》第一百二十二条",
        "kind": "罚款;没收违法所得",
        "content": "罚款2000元，没收违法所得300元",
        "fine_amount": "0.2",
        "confiscated_amount": "0.03",
        "decided_on": "2026-05-06",
        "disclosure_ends_on": "2029-05-05",
        "agency_name": "淄博市市场监督管理局",
        "agency_uscc": "11370300MB0EXMP29E",
        "source_name": "淄博市市场监督管理局",
        "source_uscc": "11370300MB0EXMP29E",
        "conduct_ended_on": "2026-03-20",
        "performed_on": "2026-05-20",
    },
}

MISTAKES: list[tuple[str, dict[str, str | None], str]] = [
    ("institutional_commission/public_bodies", {"body_type": "机关"}, "row.body_type_in_uscc"),
    ("market_supervision/shareholders", {"share_percent": "135"}, "share_percent.range"),
    ("market_supervision/food_licenses", {"business_form": "餐饮"}, "row.business_form_in_number"),
    ("market_supervision/food_licenses", {"lon": "120.3"}, "row.within_zibo"),
    ("market_supervision/food_samplings", {"category": "酱油类"}, "category.code"),
    (
        "administrative_approval/service_items",
        {"promised_days": "30"},
        "row.promised_within_statutory",
    ),
    ("administrative_approval/service_cases", {"state": "受理"}, "row.unfinished_while_open"),
    (
        "administrative_approval/electronic_licenses",
        {"status": "注销"},
        "row.change_of_status_dated",
    ),
    ("ecology/discharge_permits", {"valid_to": "2029-05-07"}, "row.validity_within_five_years"),
    ("water/reservoirs_and_rivers", {"station_code": "1801500"}, "station_code.pattern"),
    ("emergency/major_hazards", {"level": "三级"}, "row.level_follows_r_value"),
    ("emergency/hidden_dangers", {"verifier": None}, "row.closing_verified"),
    ("statistics/indicator_values", {"unit": "万元"}, "row.unit_of_money"),
    ("statistics/indicator_values", {"basis": "当年累计数"}, "basis.code"),
    ("state_assets/enterprises", {"controlled": "否"}, "row.majority_is_control"),
    ("state_assets/financial_reports", {"period": "2026Q3"}, "period.pattern"),
    ("development_reform/administrative_licenses", {"uscc": None}, "row.organisation_identified"),
    (
        "development_reform/administrative_penalties",
        {"fine_amount": None},
        "row.fine_amount_stated",
    ),
    ("development_reform/administrative_penalties", {"fine_amount": "20000"}, "row.amounts_in_wan"),
]


@pytest.mark.parametrize("ref", RIGHT)
def test_a_right_row_breaks_no_rule(ref: str, staged: Any, failed: Any) -> None:
    frame = staged(CATALOG, [RIGHT[ref]], ref=ref)
    assert failed(CATALOG, frame, ref) == [[]]


@pytest.mark.parametrize(("ref", "change", "rule"), MISTAKES)
def test_one_mistake_breaks_one_rule(
    ref: str, change: dict[str, str | None], rule: str, staged: Any, failed: Any
) -> None:
    frame = staged(CATALOG, [{**RIGHT[ref], **change}], ref=ref)
    assert failed(CATALOG, frame, ref) == [[rule]]
