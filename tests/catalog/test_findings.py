"""What a finding tells."""

from __future__ import annotations

from catalog.findings import Finding


def test_a_finding_says_place_fault_cure_article_and_who_can_cure_it():
    of_agency = Finding("datasets/health/patients.yaml", "mode", "缺少此项", "必须填写", 10)
    assert str(of_agency) == (
        "datasets/health/patients.yaml: mode: 缺少此项；应为：必须填写"
        "（《淄博市公共数据管理办法》第10条，责任单位：health）"
    )
    of_bureau = Finding("elements/all.yaml", "", "没有标准源", "一个标准源")
    assert str(of_bureau).endswith("（责任单位：大数据工作主管部门）")
