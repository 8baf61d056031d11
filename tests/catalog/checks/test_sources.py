"""Standard sources and second collections. Each on a small catalogue broken in one place."""

from __future__ import annotations

from catalog.load import load_catalog
from catalog.models.elements import SourceRef

from ..conftest import ELEMENTS, PATIENTS, each_of

RETIRED = "{on: '2026-02-01', reason: 机构改革}"
BROKEN = {
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
}  # fmt: skip


@each_of(BROKEN)
def test_a_fault_is_found_with_file_field_and_article(small, fault):
    assert small.finds(*fault)


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


def test_article_18_a_retired_column_is_no_standard_source(small):
    small.edit(PATIENTS, "aliases: [身份号码]}", f"aliases: [身份号码], retired: {RETIRED}}}")
    found = [(f.file, f.field) for f in small.findings() if f.article == 18]
    assert found == [(ELEMENTS, "[0](id_no).source.column")]


def test_a_list_of_one_standard_source_is_that_source(small):
    one = "{dataset: health/patients, column: id_no}"
    small.edit(ELEMENTS, one, f"[{one}]")
    source = load_catalog(small.root).elements["id_no"].standard_source
    assert source == SourceRef(dataset="health/patients", column="id_no")
