"""What each step decides: code, name, and name with address weighed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from quality.linking.steps import datasets_read
from tests.quality.linking.conftest import FIRMS, LISTED, Standard


def uscc(body: str) -> str:
    """The 17 characters with their check, computed apart from the macros."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(c) * 3**place for place, c in enumerate(body))
    return body + alphabet[(31 - total % 31) % 31]


def organization(body: str) -> str:
    """The 8 characters with their check."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c, 36) * w for c, w in zip(body, weights, strict=True))
    return body + "0123456789X0"[11 - total % 11]


CODE, FREE_CODE = organization("MA3EXMP6"), organization("16410795")
A = uscc(f"91370303{CODE}")
B = uscc(f"91370303{organization('MA3EXMP7')}")
CLUB, TRADER = uscc(f"51370303{CODE}"), uscc(f"92370303{CODE}")
WRONG_CODE = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
NAME, STREET = "淄博市恒通物流有限公司", "淄博市张店区柳泉路12号"


def firm(code: str = A, **more: Any) -> dict[str, Any]:
    return {"uscc": code, "name": NAME, "address": STREET, **more}


def entry(**told: Any) -> dict[str, Any]:
    return {"list": "transport", "name": NAME, **told}


def test_a_record_with_a_sound_uscc_is_not_asked(standard: Standard) -> None:
    standard.firms(firm())
    standard.listed(entry(uscc=A))
    assert standard.links() == []


def test_a_code_that_one_subject_holds_links(standard: Standard) -> None:
    standard.firms(firm(), firm(B))
    standard.listed(entry(organization_code=CODE, _key="k"))
    assert standard.link() == {
        "dataset": LISTED, "agency": "development_reform", "key": "k",
        "base_table": "legal_person.entity", "linked": A, "method": "organization_code",
        "score": 1.0, "alternatives": [], "evidence": "组织机构代码相同，名称相同", "local": True,
    }  # fmt: skip


def test_a_code_links_under_another_name_with_a_lower_score(standard: Standard) -> None:
    standard.firms(firm())
    standard.listed(entry(organization_code=CODE, name="旧名"))
    link = standard.link()
    assert (link["linked"], link["score"]) == (A, 0.98)


def test_a_code_that_two_hold_links_to_none_and_names_both(standard: Standard) -> None:
    standard.firms(firm(name="甲公司"))
    standard.put("civil_affairs/social_organizations", [{"uscc": CLUB, "name": "甲协会"}])
    standard.listed(entry(organization_code=CODE, name="甲公司"))
    link = standard.link()
    assert link["linked"] is None
    assert link["alternatives"] == [CLUB, A]


def test_one_that_two_registers_hold_is_one(standard: Standard) -> None:
    standard.firms(firm())
    standard.put("institutional_commission/public_bodies", [firm(address=None)])
    standard.listed(entry(organization_code=CODE), entry())
    assert [link["linked"] for link in standard.links()] == [A, A]


def test_a_sound_code_that_nobody_holds_says_that_it_is_another(standard: Standard) -> None:
    standard.firms(firm())
    standard.listed(entry(organization_code=FREE_CODE, address=STREET))
    link = standard.link()
    assert (link["linked"], link["alternatives"]) == (None, [])
    assert link["method"] == "organization_code"


def test_a_code_that_fails_its_check_neither_links_nor_contradicts(standard: Standard) -> None:
    standard.firms(firm(uscc(f"91370303{WRONG_CODE}"), name="别家"))
    standard.listed(entry(organization_code=WRONG_CODE))
    assert standard.link()["linked"] is None
    standard.firms(firm())
    assert (standard.link()["linked"], standard.link()["method"]) == (A, "name")


def test_the_inner_code_of_a_uscc_that_fails_its_check_is_nobodys(standard: Standard) -> None:
    standard.firms(firm(A[:-1] + ("1" if A[-1] != "1" else "2")))
    standard.listed(entry(organization_code=CODE), entry(organization_code=None))
    assert [link["linked"] for link in standard.links()] == [None, None]


@pytest.mark.parametrize(
    "written", ["淄博市恒通物流有限公司 ", "淄博市恒通物流有限公司", "淄博市恒通物流有限公司\u200b"]
)
def test_a_name_that_one_subject_bears_links_however_it_is_written(
    standard: Standard, written: str
) -> None:
    standard.firms(firm(), firm(B, name="别家"))
    standard.listed(entry(name=written))
    link = standard.link()
    assert (link["linked"], link["method"], link["score"]) == (A, "name", 0.95)


def test_a_name_counts_more_with_the_province_and_most_with_the_address(
    standard: Standard,
) -> None:
    standard.firms(firm())
    standard.listed(
        entry(), entry(province="370000"), entry(address="山东省淄博市张店区柳泉路１２号")
    )
    assert [link["score"] for link in standard.links()] == [0.95, 0.97, 0.99]


def test_a_name_that_two_bear_links_to_none_even_with_the_address(standard: Standard) -> None:
    standard.firms(firm(), firm(B, address="别处1号"))
    standard.listed(entry(address=STREET))
    link = standard.link()
    assert link["linked"] is None
    assert link["alternatives"] == sorted([A, B])


def test_a_name_of_another_province_links_to_none(standard: Standard) -> None:
    standard.firms(firm())
    standard.listed(entry(province="110000"), entry(province="110000", address=STREET))
    links = standard.links()
    assert [link["linked"] for link in links] == [None, None]
    assert [link["alternatives"] for link in links] == [[A], [A]]


def test_a_register_that_names_its_province_is_believed(standard: Standard) -> None:
    standard.firms(firm(province="110000"))
    standard.listed(entry(province="110000"))
    assert standard.link()["linked"] == A


def test_a_traders_name_links_with_its_address_alone(standard: Standard) -> None:
    standard.firms(firm(TRADER, name="老王面馆"))
    standard.listed(entry(name="老王面馆"), entry(name="老王面馆", address=STREET))
    assert [link["linked"] for link in standard.links()] == [None, TRADER]


def test_an_equal_name_at_another_address_is_weighed_and_too_light(standard: Standard) -> None:
    standard.firms(firm())
    standard.listed(entry(address="临淄区乙烯路198号"))
    link = standard.link()
    assert (link["linked"], link["method"], link["alternatives"]) == (None, "weighed", [A])
    assert 0 < link["score"] < 0.95
    assert link["evidence"] == "没有足够相近的登记主体：名称相同，地址不同"


@pytest.mark.parametrize(
    "name",
    [
        "恒通物流有限公司",
        "山东恒通物流有限责任公司",
        "淄博恒通物硫有限公司",
        "淄博恒通大物流有限公司",
    ],
)
def test_an_altered_name_at_the_same_door_links(standard: Standard, name: str) -> None:
    standard.firms(firm(), firm(B, name="淄博金釉陶瓷有限公司"))
    standard.listed(entry(name=name, address=STREET))
    link = standard.link()
    assert (link["linked"], link["method"]) == (A, "weighed")
    assert link["score"] >= 0.95


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("淄博恒达物流有限公司", "柳泉路14号"),
        ("淄博鑫源建材有限公司", STREET),
        ("淄博恒通物流有限公司淄川分公司", STREET),
        ("淄博恒达物流有限公司", None),
    ],
)
def test_what_is_only_similar_links_to_none(
    standard: Standard, name: str, address: str | None
) -> None:
    standard.firms(firm())
    standard.listed(entry(name=name, address=address))
    assert standard.link()["linked"] is None


def test_sister_firms_of_a_village_are_not_taken_for_each_other(standard: Standard) -> None:
    standard.firms(firm(name="山东博水泵业股份有限公司", address="博山区白塔镇大庄村"))
    standard.listed(entry(name="山东博文泵业有限公司", address="博山区白塔镇大庄村"))
    link = standard.link()
    assert (link["linked"], link["alternatives"]) == (None, [A])


def test_the_number_of_a_branch_tells_it_from_the_next(standard: Standard) -> None:
    standard.firms(firm(name="中国石化销售有限公司山东淄博第三十一加油站"))
    standard.listed(entry(name="中国石化销售有限公司山东淄博第三十二加油站", address=STREET))
    assert standard.link()["linked"] is None


def test_two_that_weigh_as_much_are_not_chosen_between(standard: Standard) -> None:
    standard.firms(firm(), firm(B, name="山东恒通物流有限责任公司"))
    standard.listed(entry(name="恒通物流有限公司", address=STREET))
    link = standard.link()
    assert link["linked"] is None
    assert sorted(link["alternatives"]) == sorted([A, B])


def test_an_address_that_very_many_share_distinguishes_nobody(standard: Standard) -> None:
    crowd = [firm(uscc(f"91370303{number:08d}0"), name=f"甲{number}号店") for number in range(60)]
    standard.firms(firm(name="淄博恒通物流有限公司"), *crowd)
    standard.listed(entry(name="淄博恒达物流有限公司", address=STREET))
    link = standard.link()
    assert (link["linked"], link["method"]) == (None, None)


def test_licences_and_institutions_are_linked_within_the_citys_province(
    standard: Standard,
) -> None:
    standard.firms(firm(province="110000"), firm(B))
    standard.put(
        "market_supervision/food_licenses",
        [{"holder": "恒通物流有限公司", "address": STREET, "uscc": A[:-1]}],
    )
    link = standard.link()
    assert (link["linked"], link["method"]) == (B, "weighed")


def test_persons_on_the_lists_of_penalties_are_not_asked(standard: Standard) -> None:
    ref = "development_reform/administrative_penalties"
    standard.put(ref, [{"category": "2", "name": NAME, "_key": "person"}])
    standard.put(ref, [{"category": "1", "name": NAME, "id_no": "11010519491231002X"}])
    standard.put(ref, [{"category": "1", "name": NAME, "_key": "firm"}])
    assert standard.link()["key"] == "firm"


@pytest.mark.parametrize(
    ("told", "local"),
    [
        ({"name": "山东淄博无人知公司"}, True),
        ({"name": "桓台无人知公司", "province": "370000"}, True),
        ({"name": "桓台无人知公司", "province": "110000"}, False),
        ({"name": "山东无人知公司", "address": "张店区某路1号"}, True),
        ({"name": "山东无人知公司", "address": "济南市张店区某路1号"}, False),
        ({"name": "北京淄博商会", "address": None}, False),
    ],
)
def test_a_record_is_local_where_its_name_or_address_begins_with_the_city(
    standard: Standard, told: dict[str, Any], local: bool
) -> None:
    standard.listed(told)
    assert standard.link()["local"] is local


def test_the_same_rows_in_another_order_give_the_same_links(standard: Standard) -> None:
    names = ["恒通物流有限公司", "淄博恒通物硫有限公司", NAME, "无人知"]
    rows = [entry(name=name, address=STREET, _key=name) for name in names]
    standard.firms(firm(), firm(B, name="淄博恒通物流有限责任公司", address="别处3号"))
    standard.listed(*rows)
    first = standard.links()
    standard.con.execute(f"DELETE FROM standard.{LISTED.replace('/', '.')}")
    standard.con.execute(f"DELETE FROM standard.{FIRMS.replace('/', '.')}")
    standard.firms(firm(B, name="淄博恒通物流有限责任公司", address="别处3号"), firm())
    standard.listed(*reversed(rows))
    assert standard.links() == first


def test_every_dataset_that_is_read_is_in_the_catalogue(standard: Standard) -> None:
    assert {FIRMS, LISTED} < datasets_read() <= set(standard.catalog.datasets)


def test_splink_is_not_loaded_while_there_is_nothing_to_weigh() -> None:
    told = (
        "import sys\n"
        "from catalog.load import load_catalog\n"
        "from tests.quality.linking.conftest import Standard\n"
        "standard = Standard(load_catalog())\n"
        f"standard.firms({firm()!r})\n"
        f"standard.listed({entry(name='无人知')!r})\n"
        "assert len(standard.links()) == 1\n"
        "print('splink' in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd="."
    )
    assert done.stdout.strip() == "False"
