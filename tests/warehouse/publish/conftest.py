"""A city with one dataset of persons, one of shops and one not reviewed yet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pytest

from catalog.entries import Catalog
from catalog.models.agencies import Agency
from catalog.models.code_tables import CodeTable
from catalog.models.datasets import Column, Dataset, Publication
from catalog.models.elements import Element
from warehouse.publish.build import MACROS


def _element(name: str, title: str, grade: int, mask: str = "none", **more: Any) -> Element:
    return Element.model_validate(
        {
            "id": name,
            "name": title,
            "definition": f"{title}的定义",
            "type": "text",
            "data_class": "个人基本信息",
            "grade": grade,
            "mask": mask,
            "example": "例",
            "how_to_correct": "改正",
        }
        | more
    )


ELEMENTS = (
    _element("id_no", "公民身份号码", 4, "id_no"),
    _element("person_name", "姓名", 3, "name"),
    _element("birth_date", "出生日期", 3, "birth_month", type="date"),
    _element("phone", "手机号码", 3, "phone"),
    _element("home_address", "住址", 3, "address"),
    _element("income", "收入", 3, type="decimal", scale=2),
    _element("faith", "宗教信仰", 4, "hidden"),
    _element("sex", "性别", 2, type="code", code_table="sex"),
    _element("shop_no", "店铺编号", 1),
    _element("owner", "经营者", 2, "name"),
    _element("height", "身高", 1, type="integer", unit="厘米"),
)


def _dataset(name: str, reviewed: bool, *columns: tuple[str, str]) -> Dataset:
    return Dataset(
        agency="town",
        id=name,
        name=f"{name} 名录",
        description="用于测试",
        subject="none",
        key=(columns[0][0],),
        deliverers=("town",),
        mode="snapshot",
        reviewed=reviewed,
        publication=Publication(database="population", table=name),
        columns=tuple(
            Column(id=column, name=f"{column} 中文", element=element) for column, element in columns
        ),
    )


PERSONS = _dataset(
    "persons", True, ("id_no", "id_no"), ("name", "person_name"), ("born", "birth_date"),
    ("phone", "phone"), ("home", "home_address"), ("income", "income"), ("faith", "faith"),
    ("sex", "sex"), ("height", "height"),
)  # fmt: skip
SHOPS = _dataset("shops", True, ("shop_no", "shop_no"), ("owner", "owner"))
DRAFTS = _dataset("drafts", False, ("shop_no", "shop_no"))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """The catalogue of that city."""
    codes = tmp_path / "catalog" / "codes"
    codes.mkdir(parents=True)
    (codes / "sex.csv").write_text(
        "code,name,aliases,valid_from,valid_to\n1,男,,,\n2,女性,,,1990-12-31\n2,女,,1991-01-01,\n",
        encoding="utf-8",
    )
    agency = Agency(
        id="town", name="某镇人民政府", short_name="某镇", type="state_organ", level="county",
        division="370303", bureau="town", responsible_unit="办公室", contacts=(),
    )  # fmt: skip
    datasets = (PERSONS, SHOPS, DRAFTS)
    return Catalog(
        root=tmp_path / "catalog",
        agencies=MappingProxyType({"town": agency}),
        elements=MappingProxyType({element.id: element for element in ELEMENTS}),
        code_tables=MappingProxyType({"sex": CodeTable(id="sex", name="性别", origin="[M]")}),
        datasets=MappingProxyType({dataset.ref: dataset for dataset in datasets}),
        limits=(),
        base=MappingProxyType({}),
        rule_bits=MappingProxyType({}),
    )


_TECHNICAL = "_key varchar, _agency varchar, _delivery varchar, _row bigint"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the engine's names and the macros; two persons, one shop, one draft."""
    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS standard; CREATE SCHEMA standard.town")
    for macros in sorted(MACROS.glob("*.sql")):
        con.execute(macros.read_text(encoding="utf-8"))
    con.execute(
        "CREATE TABLE standard.town.persons (id_no varchar, name varchar, born date, phone varchar,"
        " home varchar, income decimal(38, 2), faith varchar, sex varchar, height bigint,"
        f" {_TECHNICAL});"
        "INSERT INTO standard.town.persons VALUES"
        " ('370303198702031234', '欧阳秘', '1987-02-03', '13805331234',"
        "  '山东省淄博市张店区马尚街道秘密路17号', 98765.43, '秘教', '2', 171,"
        "  '370303198702031234', 'town', 'd000001', 1),"
        " ('370303198702035555', NULL, NULL, '打错的电话13905335678', '机密巷9号', NULL, NULL, '7',"
        "  172, '370303198702035555', 'town', 'd000001', 2);"
        f"CREATE TABLE standard.town.shops (shop_no varchar, owner varchar, {_TECHNICAL});"
        "INSERT INTO standard.town.shops VALUES"
        " ('S1', '公开经营者', 'S1', 'town', 'd000002', 1);"
        f"CREATE TABLE standard.town.drafts (shop_no varchar, {_TECHNICAL});"
        "INSERT INTO standard.town.drafts VALUES ('未审核的店', '未审核的店', 'town', 'd3', 1)"
    )
    yield con
    con.close()
