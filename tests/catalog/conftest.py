"""A small catalogue as text, to be broken one way at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from catalog.findings import Finding
from catalog.load import check_catalog

AGENCY = "agencies/health.yaml"
ELEMENTS = "elements/all.yaml"
PATIENTS = "datasets/health/patients.yaml"
SEX = "codes/sex.csv"

FILES = {
    "agencies/bureau.yaml": """
id: bureau
name: 示范市大数据局
short_name: 市大数据局
type: state_organ
level: city
division: "370300"
bureau: bureau
responsible_unit: 数据科
contacts:
  - {post: 数据管理专员, email: data@bureau.example}
""",
    "agencies/health.yaml": """
id: health
name: 示范市卫生健康委员会
short_name: 市卫生健康委
type: state_organ
level: city
division: "370300"
bureau: bureau
responsible_unit: 信息科
contacts:
  - {post: 数据管理专员, email: data@health.example}
""",
    "elements/all.yaml": """
- id: id_no
  name: 公民身份号码
  definition: 公民的唯一号码
  type: text
  format: id_no
  data_class: 个人基本信息
  grade: 4
  mask: id_no
  example: 11010519491231002X
  how_to_correct: 按身份证填写
  source: {dataset: health/patients, column: id_no}
- id: sex
  name: 性别
  definition: 自然人的性别
  type: code
  code_table: sex
  data_class: 个人基本信息
  grade: 2
  example: "1"
  how_to_correct: 填写代码
  source: each_dataset
- id: weight
  name: 体重
  definition: 称得的体重
  type: decimal
  scale: 1
  minimum: 0
  maximum: 500
  data_class: 健康信息
  grade: 3
  mask: hidden
  example: "61.5"
  how_to_correct: 以千克填写
  source: each_dataset
- id: seen_on
  name: 就诊日期
  definition: 就诊的日期
  type: date
  earliest: "1949-10-01"
  data_class: 健康信息
  grade: 3
  mask: hidden
  example: "2024-05-06"
  how_to_correct: 按病历填写
  source: each_dataset
""",
    "codes/tables.yaml": """
- id: sex
  name: 性别代码
  origin: 通行公布的代码 [M]
""",
    "codes/sex.csv": "code,name,aliases,valid_from,valid_to\n1,男性,男,,\n2,女性,女,,\n",
    "datasets/health/patients.yaml": """
agency: health
id: patients
name: 就诊
description: 每次就诊一行
format: [csv]
category: {class: 基础信息资源, item: 人口, subject: 就诊}
sharing: {type: unconditional}
opening:
  type: not_open
  basis:
    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}
security_grade: 4
usage_requirements: 仅供履职
update_cycle: daily
subject: person
key: [id_no, seen_on]
key_identifiers: [id_no]
deliverers: [health]
mode: snapshot
publication: {database: health, table: patients}
columns:
  - {id: id_no, name: 身份证号, element: id_no, aliases: [身份号码]}
  - {id: sex, name: 性别, element: sex}
  - {id: weight, name: 体重, element: weight}
  - {id: seen_on, name: 就诊日期, element: seen_on}
rules:
  - id: weight_known
    check: weight > 0 and sex in ('1', '2')
    columns: [weight, sex]
    message: 体重应大于零
    dimension: accuracy
    severity: query
    how_to_correct: 核对体重
shapes:
  - {id: plain, requires: [weight], constants: {sex: "1"}}
""",
    "admission.yaml": """
- {rows: 1, filled: 0.95, filled_where_optional: 0, valid: 0.95, late_cycles: 1}
""",
    "limits.yaml": """
- subject: correct_error
  working_days: 5
  source: 配置
  article: 第十六条
  valid_from: "2024-11-01"
""",
    "rule_bits.csv": "dataset,rule,bit\nhealth/patients,id_no.required,0\n",
}


@dataclass(frozen=True)
class SmallCatalog:
    """The files of `FILES` in a folder of the test's own."""

    root: Path

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that must be there once."""
        text = (self.root / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
        self.write(file, text.replace(old, new))

    def finds(
        self, file: str, old: str, new: str, field: str, found: str, article: int | None
    ) -> bool:
        """Whether replacing a text of the file leads to this finding there."""
        self.edit(file, old, new)
        places = {(f.file, f.field, f.found, f.article) for f in self.findings()}
        return (file, field, found, article) in places

    def findings(self) -> tuple[Finding, ...]:
        return check_catalog(self.root)


@pytest.fixture
def small(tmp_path: Path) -> SmallCatalog:
    catalog = SmallCatalog(tmp_path)
    for file, text in FILES.items():
        catalog.write(file, text)
    return catalog


def each_of(broken: Mapping[str, tuple[object, ...]]) -> pytest.MarkDecorator:
    """Gives a test each `fault` of a table: name → the arguments of `SmallCatalog.finds`."""
    return pytest.mark.parametrize("fault", broken.values(), ids=broken)
