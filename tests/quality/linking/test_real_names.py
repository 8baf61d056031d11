"""Linking on real names: the registration of Zibo, 500 of its rows with the uscc taken away.

Run with `pytest -s` it tells how many of the altered names were recalled, by kind of alteration.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl
import pytest

from tests.quality.linking.conftest import Standard

DELIVERIES = os.environ.get("LAKEHOUSE_REAL_DELIVERIES")
pytestmark = pytest.mark.skipif(not DELIVERIES, reason="LAKEHOUSE_REAL_DELIVERIES names no folder")
SEED = 20261128
Row = dict[str, Any]


def registration() -> list[Row]:
    """The registered units: uscc, name, address."""
    path = Path(DELIVERIES or "") / "enterprise_registration_zibo.csv"
    told = pl.read_csv(path, infer_schema=False).select(
        uscc="统一社会信用代码", name="企业名称", address="注册地址"
    )
    return told.sort("uscc").to_dicts()


def wrong(code: str) -> str:
    """The organisation code with another check character."""
    return code[:-1] + next(c for c in "0123456789X" if c != code[-1])


def place_left_out(name: str) -> str | None:
    for place in ("山东省淄博市", "山东淄博", "淄博市", "淄博", "山东省", "山东"):
        if name.startswith(place):
            return name.removeprefix(place)
    return None


def place_added(name: str) -> str | None:
    return f"山东省{name}" if name.startswith("淄博") else None


def legal_form(name: str) -> str | None:
    changed = name.replace("有限公司", "有限责任公司")
    return changed if changed != name and "责任" not in name and "股份" not in name else None


def brackets_and_width(name: str) -> str | None:
    return name.replace("(", "（").replace(")", "）") + " " if "(" in name else f" {name}　"


def wrong_character(name: str) -> str | None:
    """A character of the middle taken for another."""
    return f"{name[:4]}夲{name[5:]}" if len(name) > 8 else None


def character_left_out(name: str) -> str | None:
    return name[:5] + name[6:] if len(name) > 9 else None


def shortened(name: str) -> str | None:
    """As people call it: the first four characters after the place."""
    bare = place_left_out(name)
    return bare[:4] if bare and len(bare) > 6 else None


ALTERATIONS: tuple[Callable[[str], str | None], ...] = (
    place_left_out, place_added, legal_form, brackets_and_width, wrong_character,
    character_left_out, shortened,
)  # fmt: skip


def altered(rows: Iterator[Row]) -> Iterator[tuple[str, Row]]:
    """The kind of alteration and the row with its altered name, the kinds in turn."""
    for number, row in enumerate(rows):
        for step in range(len(ALTERATIONS)):
            alter = ALTERATIONS[(number + step) % len(ALTERATIONS)]
            name = alter(row["name"])
            if name is not None:
                yield alter.__name__, {**row, "name": name}
                break


def without_key(row: Row, key: str, **more: str | None) -> Row:
    return {**row, "uscc": None, "_key": key, "list": "transport", "province": "370000", **more}


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_of_500_rows_stripped_of_their_code_the_right_ones_link_and_no_other(
    standard: Standard, seed: int
) -> None:
    rows = registration()
    random.Random(seed).shuffle(rows)
    right, failing, strangers, rest = rows[:200], rows[200:300], rows[300:400], rows[400:]
    chosen = list(islice(altered(iter(rest)), 100))
    standard.firms(*({**row, "_key": row["uscc"]} for row in [*right, *failing, *rest]))
    code = {row["uscc"]: row["uscc"][8:17] for row in rows}
    nameless = {"name": None, "address": None}
    standard.listed(
        *(
            without_key(
                {**row, **nameless}, f"right {row['uscc']}", organization_code=code[row["uscc"]]
            )
            for row in right
        ),
        *(
            without_key(
                {**row, **nameless},
                f"failing {row['uscc']}",
                organization_code=wrong(code[row["uscc"]]),
            )
            for row in failing
        ),
        *(without_key(row, f"altered {row['uscc']}", reason=kind) for kind, row in chosen),
        *(without_key(row, f"stranger {row['uscc']}") for row in strangers),
    )

    found = {link["key"]: link for link in standard.links()}
    assert len(found) == 500
    linked = {key: link["linked"] for key, link in found.items() if link["linked"]}
    assert all(linked[f"right {row['uscc']}"] == row["uscc"] for row in right)
    assert not [key for key in linked if key.startswith("failing ")]
    assert not [key for key in linked if key.startswith("stranger ")]

    told, hit = Counter(kind for kind, _ in chosen), Counter[str]()
    claimed = {key for key in linked if key.startswith("altered ")}
    hit.update(kind for kind, row in chosen if linked.get(f"altered {row['uscc']}") == row["uscc"])
    precision = hit.total() / len(claimed)
    print(f"\naltered names: precision {precision:.3f}, recall {hit.total() / 100:.2f}")
    for kind in told:
        print(f"  {kind}: {hit[kind]} of {told[kind]}")
    assert precision >= 0.99
    assert hit.total() >= 60


def test_codes_that_fail_link_nothing_even_beside_the_right_name(standard: Standard) -> None:
    rows = registration()[:100]
    standard.firms(*({**row, "_key": row["uscc"]} for row in rows))
    standard.listed(
        *(without_key(row, row["uscc"], organization_code=wrong(row["uscc"][8:17])) for row in rows)
    )
    links = standard.links()
    assert {link["linked"] for link in links} == {row["uscc"] for row in rows}
    assert not [link for link in links if link["method"] == "organization_code"]


def test_every_real_name_that_a_second_firm_bears_links_to_none(standard: Standard) -> None:
    rows = registration()
    twins = [{**row, "uscc": other["uscc"], "_key": f"{row['uscc']} again"}
             for row, other in zip(rows[:50], rows[50:100], strict=True)]  # fmt: skip
    standard.firms(*({**row, "_key": row["uscc"]} for row in rows[:50]), *twins)
    standard.listed(*(without_key(row, row["uscc"]) for row in rows[:50]))
    links = standard.links()
    assert len(links) == 50
    assert {link["linked"] for link in links} == {None}
    assert all(len(link["alternatives"]) == 2 for link in links)


def test_the_two_real_dishonesty_lists_link_no_row_to_the_zibo_file(standard: Standard) -> None:
    standard.firms(*({**row, "_key": row["uscc"]} for row in registration()))
    headings = {
        "企业名称": "name", "工商注册号": "registration_no", "统一信用代码": "uscc",
        "组织机构代码": "organization_code", "所在省份": "province",
    }  # fmt: skip
    provinces = {
        name: code.code
        for code in standard.catalog.codes("provinces")
        for name in (code.name, *code.aliases)
    }
    for list_, file in (
        ("ecommerce", "dishonest_ecommerce_companies.xlsx"),
        ("transport", "dishonest_transport_companies.xls"),
    ):
        sheet = fastexcel.read_excel(Path(DELIVERIES or "") / file).load_sheet(0, dtypes="string")
        told = sheet.to_polars()
        kept = told.select(
            pl.col(heading).str.strip_chars().replace("", None).alias(name)
            for heading, name in headings.items()
            if heading in told.columns
        )
        standard.listed(
            *({**row, "list": list_, "_key": f"{number} {row['name']}",
               "province": provinces.get(row.get("province"))}
              for number, row in enumerate(kept.to_dicts()))
        )  # fmt: skip
    links = standard.links()
    assert len(links) > 250
    assert [link for link in links if link["linked"]] == []
    assert all(link["evidence"] for link in links)
    assert [link["key"] for link in links if link["local"]] == ["147 高青环亚运输有限公司"]
