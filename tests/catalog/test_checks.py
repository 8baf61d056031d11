"""Each check, on a small catalogue broken in one place."""

from __future__ import annotations

import pytest

from catalog.findings import Finding

AGENCY = "agencies/health.yaml"
ELEMENTS = "elements/all.yaml"
PATIENTS = "datasets/health/patients.yaml"
SEX = "codes/sex.csv"


def test_a_right_catalogue_has_no_findings(small):
    assert small.findings() == ()


BROKEN = {
    # Articles 5 and 6: contacts and bureaus.
    "no active contact": (
        AGENCY, "email: data@health.example", "email: data@health.example, active: false",
        "contacts", "没有在岗的联系岗位", 6,
    ),
    "mailbox": (AGENCY, "data@health.example", "data", "contacts[0].email", "data", 6),
    "agency's division": (AGENCY, '"370300"', '"3703"', "division", "3703", None),
    "unknown bureau": (AGENCY, "bureau: bureau", "bureau: nobody", "bureau", "nobody", 5),
    "bureau of another level": (
        AGENCY, "level: city", "level: county", "bureau", "示范市大数据局（city 370300）", 5,
    ),
    "bureau that isn't one": (
        "agencies/bureau.yaml", "bureau: bureau", "bureau: health", "bureau",
        "示范市卫生健康委员会 另有主管部门", 5,
    ),
    "unknown parent": (
        AGENCY, "level: city", "level: city\nparent: nobody", "parent", "nobody", None,
    ),
    "parent of the same level": (
        AGENCY, "level: city", "level: city\nparent: bureau",
        "parent", "示范市大数据局（city）", None,
    ),
    # Article 2, 10, 12, 13, 20, 21, 28.
    "state secret": (
        PATIENTS, "mode: snapshot", "mode: snapshot\nstate_secret: true",
        "state_secret", "涉及国家秘密", 2,
    ),
    "no key identifier": (
        PATIENTS, "key_identifiers: [id_no]", "key_identifiers: []",
        "key_identifiers", "没有必要标识", 12,
    ),
    "key identifier that identifies nobody": (
        PATIENTS, "key_identifiers: [id_no]", "key_identifiers: [sex]",
        "key_identifiers", "sex", 12,
    ),
    "not aggregated without a basis": (
        PATIENTS, "mode: snapshot", "mode: snapshot\naggregated: false",
        "not_aggregated_basis", "没有依据", 13,
    ),
    "not shared by a local regulation": (
        PATIENTS, "sharing: {type: unconditional}",
        "sharing: {type: not_shared, basis: [{title: 条例, rank: local_regulation, article: 一}]}",
        "sharing.basis", "依据的位阶为 local_regulation", 21,
    ),
    "not open without a basis": (
        PATIENTS,
        "    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}", "    []",
        "opening.basis", "没有依据", 28,
    ),
    "unknown agency": (PATIENTS, "deliverers: [health]", "deliverers: [health, nobody]",
        "deliverers[1]", "nobody", 6),
    "deliverer named twice": (PATIENTS, "deliverers: [health]", "deliverers: [health, health]",
        "deliverers", "有重复", None),
    # Article 8 and columns.
    "unknown element": (
        PATIENTS, "element: weight", "element: mass", "columns[2](weight).element", "mass", 8,
    ),
    "grade below its columns'": (
        PATIENTS, "security_grade: 4", "security_grade: 2",
        "security_grade", "2 级，而 id_no 列为 4 级", 8,
    ),
    "unit on a column without money": (
        PATIENTS, "element: weight", "element: weight, default_unit: 元",
        "columns[2](weight).default_unit", "数据元 weight 的格式为 空", None,
    ),
    "column twice": (
        PATIENTS, "{id: sex, name: 性别", "{id: id_no, name: 性别",
        "columns[1](id_no).id", "id_no", None,
    ),
    "reserved word": (
        PATIENTS, "{id: weight, name: 体重", "{id: primary, name: 体重",
        "columns[2](primary).id", "primary", None,
    ),
    "alias of two columns, full-width and spaced": (
        PATIENTS, "element: weight", "element: weight, aliases: [身份 号码]",
        "columns[2](weight).aliases", "表头“身份 号码”也指 id_no 列", None,
    ),
    "operation column that is a column": (
        PATIENTS, "mode: snapshot", "mode: snapshot\noperation_column: 性别",
        "operation_column", "“性别”是 sex 列的表头", None,
    ),
    "ignored header that is a column": (
        PATIENTS, "requires: [weight]", "requires: [weight], ignores: [体重]",
        "shapes[0].ignores", "“体重”是 weight 列的表头", None,
    ),
    "derived from nothing": (
        PATIENTS, "element: sex}", "element: sex, derived: {column: card, part: sex}}",
        "columns[1](sex).derived.column", "card", None,
    ),
    # Keys, shapes, rules, publication.
    "key column": (PATIENTS, "key: [id_no, seen_on]", "key: [id_no, day]", "key[1]", "day", None),
    "second choice of a key part": (
        PATIENTS, "key: [id_no, seen_on]", "key: [{first_of: [id_no, card]}, seen_on]",
        "key[0]", "card", None,
    ),
    "key column that may be left out": (
        PATIENTS, "element: seen_on}", "element: seen_on, optional: true}",
        "key[1]", "seen_on 列可整列缺少", None,
    ),
    "snapshot scope of an increment": (
        PATIENTS, "mode: snapshot", "mode: increment\nsnapshot_scope: [sex]",
        "snapshot_scope", "mode 为 increment", None,
    ),
    "shape's column": (
        PATIENTS, "requires: [weight]", "requires: [mass]",
        "shapes[0](plain).requires", "mass", None,
    ),
    "shape that contradicts itself": (
        PATIENTS, "requires: [weight]", "requires: [weight], excludes: [weight]",
        "shapes[0](plain)", "weight 既要求又排除", None,
    ),
    "shape that asks nothing": (
        PATIENTS, "requires: [weight]", "requires: []", "shapes[0](plain).requires", "空", None,
    ),
    "shape's constant outside the code table": (
        PATIENTS, 'constants: {sex: "1"}', 'constants: {sex: "3"}',
        "shapes[0](plain).constants.sex", "3", None,
    ),
    "rule's column": (
        PATIENTS, "columns: [weight, sex]", "columns: [mass, sex]",
        "rules[0](weight_known).columns", "mass", None,
    ),
    "column in a rule's condition": (
        PATIENTS, "check: weight > 0 and sex", "check: mass > 0 and sex",
        "rules[0](weight_known).check", "用到 mass", None,
    ),
    "rule id that is ours": (
        PATIENTS, "id: weight_known", "id: duplicate_key",
        "rules[0](duplicate_key).id", "duplicate_key", None,
    ),
    "database": (
        PATIENTS, "database: health", "database: quality", "publication.database", "quality", 14,
    ),
    # Elements.
    "code without table": (
        ELEMENTS, "  code_table: sex\n", "", "[1](sex).code_table", "空", None,
    ),
    "unknown table": (
        ELEMENTS, "code_table: sex", "code_table: sexes", "[1](sex).code_table", "sexes", None,
    ),
    "list of codes of a number": (
        ELEMENTS, "  scale: 1", "  scale: 1\n  format: code_list",
        "[2](weight).format", "code_list", None,
    ),
    "scale of a date": (
        ELEMENTS, '  earliest: "1949-10-01"', "  scale: 2", "[3](seen_on).scale", "2", None,
    ),
    "range of a code": (
        ELEMENTS, "  code_table: sex", "  code_table: sex\n  minimum: 1",
        "[1](sex).minimum", "type 为 code", None,
    ),
    "empty range": (
        ELEMENTS, "maximum: 500", "maximum: -1", "[2](weight).minimum", "0.0", None,
    ),
    "earliest that is no date": (
        ELEMENTS, "1949-10-01", "1949-10", "[3](seen_on).earliest", "1949-10", None,
    ),
    "pattern with look-ahead": (
        ELEMENTS, "  format: id_no", "  pattern: (?=a)b", "[0](id_no).pattern", "(?=a)b", None,
    ),
    "example outside the range": (
        ELEMENTS, '"61.5"', '"615"', "[2](weight).example", "615", None,
    ),
    "example outside the code table": (
        ELEMENTS, 'example: "1"', 'example: "3"', "[1](sex).example", "3", None,
    ),
    "unknown source dataset": (
        ELEMENTS, "dataset: health/patients", "dataset: health/visits",
        "[0](id_no).source.dataset", "health/visits", 18,
    ),
    "unknown source column": (
        ELEMENTS, "column: id_no", "column: card",
        "[0](id_no).source.column", "health/patients 没有 card 列", 18,
    ),
    "source column of another element": (
        ELEMENTS, "column: id_no", "column: sex",
        "[0](id_no).source.column", "该列的数据元是 sex", 18,
    ),
    # Code tables.
    "code twice": (SEX, "2,女性", "1,女性", "code 1", "同一时期出现多次", None),
    "alias of two codes": (SEX, "2,女性,女", "2,女性,男", "code 1", "别名“男”也指 2", None),
    "nameless code": (SEX, "2,女性,女", "2,,女", "第 3 行 name", "空", None),
    "date of validity": (SEX, "1,男性,男,,", "1,男性,男,1984,", "第 2 行 valid_from", "1984", None),
    "validity backwards": (
        SEX, "1,男性,男,,", "1,男性,男,1990-01-01,1984-01-01",
        "第 2 行 valid_to", "1984-01-01", None,
    ),
    "short row": (SEX, "2,女性,女,,", "2,女性", "第 3 行", "列数与表头不符", None),
    "header of a code table": (SEX, "code,name", "代码,name", "表头",
        "表头为 代码,name,aliases,valid_from,valid_to", None),
    "bit given twice": (
        "rule_bits.csv", "required,0\n", "required,0\nhealth/patients,sex.code,0\n",
        "第 3 行", "sex.code,0", None,
    ),
    "bit that is no number": (
        "rule_bits.csv", "required,0", "required,x", "第 2 行",
        "health/patients,id_no.required,x", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "found", "article"), BROKEN.values(), ids=BROKEN
)
def test_a_fault_is_found_with_file_field_and_article(small, file, old, new, field, found, article):
    small.edit(file, old, new)
    places = {(f.file, f.field, f.found, f.article) for f in small.findings()}
    assert (file, field, found, article) in places


SEVEN = {
    "format: [csv]\n": "数据格式",
    "category: {class: 基础信息资源, item: 人口, subject: 就诊}\n": "类别",
    "sharing: {type: unconditional}\n": "共享属性",
    "security_grade: 4\n": "安全级别",
    "usage_requirements: 仅供履职\n": "使用要求",
    "update_cycle: daily\n": "更新周期",
}


@pytest.mark.parametrize(("line", "name"), SEVEN.items(), ids=SEVEN.values())
def test_an_entry_without_one_of_the_seven_attributes_is_refused_by_its_name(small, line, name):
    small.edit(PATIENTS, line, "")
    (finding,) = small.findings()
    assert (finding.found, finding.expected, finding.article) == (f"缺少{name}", f"注明{name}", 10)


def test_an_entry_without_opening_is_refused_by_its_name(small):
    small.edit(
        PATIENTS,
        """opening:
  type: not_open
  basis:
    - {title: 中华人民共和国个人信息保护法, rank: law, article: 第十三条}
""",
        "",
    )
    (finding,) = small.findings()
    assert (finding.field, finding.found, finding.article) == ("opening", "缺少开放属性", 10)


def test_conditional_sharing_needs_reason_basis_and_conditions(small):
    small.edit(PATIENTS, "sharing: {type: unconditional}", "sharing: {type: conditional}")
    assert {f.field for f in small.findings()} == {
        "sharing.reason",
        "sharing.basis",
        "sharing.conditions",
    }


@pytest.mark.parametrize("rank", ["law", "administrative_regulation"])
def test_a_law_or_administrative_regulation_allows_not_sharing(small, rank):
    basis = f"[{{title: 某法, rank: {rank}, article: 第一条}}]"
    small.edit(
        PATIENTS,
        "sharing: {type: unconditional}",
        f"sharing: {{type: not_shared, basis: {basis}}}",
    )
    assert small.findings() == ()


@pytest.mark.parametrize(
    ("rank", "accepted"), [("local_regulation", True), ("rule", False), ("standard", False)]
)
def test_a_local_regulation_allows_not_aggregating_and_a_rule_does_not(small, rank, accepted):
    basis = f"[{{title: 某条例, rank: {rank}, article: 第一条}}]"
    small.edit(
        PATIENTS,
        "mode: snapshot",
        f"mode: snapshot\naggregated: false\nnot_aggregated_basis: {basis}",
    )
    assert [f.article for f in small.findings()] == ([] if accepted else [13])


def test_two_datasets_may_not_publish_one_table(small):
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    small.write("datasets/health/visits.yaml", text.replace("id: patients", "id: visits"))
    (finding,) = small.findings()
    assert finding.file == "datasets/health/visits.yaml"
    assert finding.found == "health.patients 已由 health/patients 使用"


def test_a_folder_that_could_mean_two_datasets_is_a_finding(small):
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    for owner in ("bureau", "other"):
        copy = text.replace("agency: health", f"agency: {owner}")
        copy = copy.replace("table: patients", f"table: {owner}_patients")
        small.write(f"datasets/{owner}/patients.yaml", copy)
    agency = (small.root / AGENCY).read_text(encoding="utf-8")
    small.write("agencies/other.yaml", agency.replace("id: health", "id: other"))
    (small.root / PATIENTS).unlink()
    small.edit(ELEMENTS, "{dataset: health/patients, column: id_no}", "each_dataset")
    assert {(f.file, f.field) for f in small.findings()} == {
        ("datasets/bureau/patients.yaml", "deliverers[0]"),
        ("datasets/other/patients.yaml", "deliverers[0]"),
    }


def test_a_code_may_return_in_another_period(small):
    small.write(
        SEX,
        "code,name,aliases,valid_from,valid_to\n"
        "1,男性,男,,1999-12-31\n"
        "1,男,,2000-01-01,\n"
        "2,女性,,,\n",
    )
    assert small.findings() == ()


def test_a_code_file_that_no_table_declares_is_a_finding(small):
    small.write("codes/colours.csv", "code,name\n1,红\n")
    (finding,) = small.findings()
    assert (finding.file, finding.found) == ("codes/colours.csv", "未登记")


ANOTHER = "datasets/bureau/weighings.yaml"


def _collected_again(small, extra: str = "") -> None:
    """The bureau collects weights, of which the health agency's dataset is the source."""
    text = (small.root / PATIENTS).read_text(encoding="utf-8")
    for old, new in (
        ("agency: health", "agency: bureau"),
        ("id: patients", "id: weighings"),
        ("table: patients", "table: weighings"),
        ("deliverers: [health]", "deliverers: [bureau]"),
        ("mode: snapshot", f"mode: snapshot{extra}"),
    ):
        text = text.replace(old, new)
    small.write(ANOTHER, text)
    small.edit(
        ELEMENTS,
        "how_to_correct: 以千克填写\n  source: each_dataset",
        "how_to_correct: 以千克填写\n  source: {dataset: health/patients, column: weight}",
    )


def _repeated(rank: str) -> str:
    basis = f"[{{title: 某规定, rank: {rank}, article: 第一条}}]"
    return f"\nrepeated_collection: [{{columns: [weight, id_no], basis: {basis}}}]"


def test_article_11_a_second_collection_of_what_could_be_shared_is_a_finding(small):
    _collected_again(small)
    found = {(f.file, f.field, f.article) for f in small.findings()}
    assert found == {(ANOTHER, "columns[0](id_no)", 11), (ANOTHER, "columns[2](weight)", 11)}


def test_article_11_an_identifier_refers_and_repeats_nothing(small):
    _collected_again(small)
    small.edit(ELEMENTS, "column: id_no}", "column: id_no}\n  identifier: true")
    assert [f.field for f in small.findings()] == ["columns[2](weight)"]


def test_article_11_a_local_regulation_suffices(small):
    _collected_again(small, _repeated("local_regulation"))
    assert small.findings() == ()


def test_article_11_a_rule_does_not_suffice(small):
    _collected_again(small, _repeated("rule"))
    (finding,) = small.findings()
    assert (finding.field, finding.article) == ("repeated_collection[0].basis", 11)
    assert finding.agency == "bureau"


def test_article_11_what_is_not_shared_may_be_collected_again(small):
    _collected_again(small)
    law = "{title: 某法, rank: law, article: 第一条}"
    small.edit(
        PATIENTS,
        "sharing: {type: unconditional}",
        f"sharing: {{type: not_shared, basis: [{law}]}}",
    )
    assert small.findings() == ()


def test_article_18_an_element_without_standard_source_is_a_finding(small):
    small.edit(
        ELEMENTS, "how_to_correct: 以千克填写\n  source: each_dataset", "how_to_correct: 以千克填写"
    )
    (finding,) = small.findings()
    assert (finding.field, finding.article) == ("[2](weight).source", 18)


def test_article_18_an_element_with_two_standard_sources_is_a_finding(small):
    two = "[{dataset: health/patients, column: weight}, {dataset: health/patients, column: weight}]"
    small.edit(
        ELEMENTS,
        "how_to_correct: 以千克填写\n  source: each_dataset",
        f"how_to_correct: 以千克填写\n  source: {two}",
    )
    (finding,) = small.findings()
    assert (finding.field, finding.article) == ("[2](weight).source", 18)
    assert "有多个标准源" in finding.found


def test_a_condition_that_compares_a_code_with_none_of_its_table_is_a_finding(small):
    small.edit(PATIENTS, "sex in ('1', '2')", "sex in ('1', 'M')")
    (finding,) = small.findings()
    assert finding.field == "rules[0](weight_known).check"
    assert finding.found == "sex 与 'M' 相比"


def test_a_code_table_may_be_declared_in_any_yaml_file_of_its_folder(small):
    text = (small.root / "codes/tables.yaml").read_text(encoding="utf-8")
    (small.root / "codes/tables.yaml").unlink()
    small.write("codes/people.yaml", text)
    assert small.findings() == ()


RETIRED = "{on: '2026-02-01', reason: 机构改革}"


def test_article_6_a_retired_agency_has_no_dataset_in_use_and_needs_no_contact(small):
    contact = "  - {post: 数据管理专员, email: data@health.example"
    small.edit(AGENCY, f"{contact}}}", f"{contact}, active: false}}\nretired: {RETIRED}")
    found = {(f.file, f.field, f.article) for f in small.findings()}
    assert found == {(PATIENTS, "agency", 6), (PATIENTS, "deliverers[0]", 6)}
    small.edit(PATIENTS, "mode: snapshot", f"mode: snapshot\nretired: {RETIRED}")
    assert {f.field for f in small.findings()} == {"[0](id_no).source.dataset"}


def test_article_18_a_retired_column_is_no_standard_source(small):
    small.edit(PATIENTS, "aliases: [身份号码]}", f"aliases: [身份号码], retired: {RETIRED}}}")
    found = [(f.file, f.field) for f in small.findings() if f.article == 18]
    assert found == [(ELEMENTS, "[0](id_no).source.column")]


def test_a_finding_says_place_fault_cure_article_and_who_can_cure_it():
    of_agency = Finding("datasets/health/patients.yaml", "mode", "缺少此项", "必须填写", 10)
    assert str(of_agency) == (
        "datasets/health/patients.yaml: mode: 缺少此项；应为：必须填写"
        "（《淄博市公共数据管理办法》第10条，责任单位：health）"
    )
    of_bureau = Finding("elements/all.yaml", "", "没有标准源", "一个标准源")
    assert str(of_bureau).endswith("（责任单位：大数据工作主管部门）")
