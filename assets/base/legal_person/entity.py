"""What `legal_person.entity` declares; its rows are made by `entity.sql` beside it."""

from __future__ import annotations

from pathlib import Path

from assets.base.tables import BaseColumn, BaseTable

_REGISTERED = "market_supervision/business_entities."
_LISTED = "development_reform/dishonest_entities."
_CODES = (f"{_REGISTERED}uscc", f"{_LISTED}uscc", f"{_LISTED}organization_code")


def _registered(name: str, title: str, meaning: str) -> BaseColumn:
    return BaseColumn(name, title, meaning, (f"{_REGISTERED}{name}",))


ENTITY = BaseTable(
    database="legal_person",
    name="entity",
    comment=(
        "法人及其他组织，一行一个主体，主键 entity_id。登记事项取自经营主体登记（标准源），"
        "登记中没有的主体取自失信名单；每个值的出处见 legal_person.entity_source"
    ),
    columns=(
        BaseColumn(
            "entity_id",
            "主体标识",
            "统一社会信用代码；没有的为“ORG:”加组织机构代码",
            _CODES,
            "key",
        ),
        BaseColumn(
            "uscc",
            "统一社会信用代码",
            "经校验合格的18位代码；只凭组织机构代码识别的主体为空",
            (f"{_REGISTERED}uscc", f"{_LISTED}uscc"),
        ),
        BaseColumn(
            "organization_code",
            "组织机构代码",
            "统一社会信用代码的第9至17位；没有统一社会信用代码的，为失信名单所载并经校验合格的代码",
            _CODES,
        ),
        BaseColumn(
            "name",
            "单位名称",
            "在登记机关登记的全称；未登记的，为失信名单最近一次所载名称",
            (f"{_REGISTERED}name", f"{_LISTED}name"),
        ),
        _registered("entity_type", "经营主体类型", "登记机关核定的企业（机构）类型代码"),
        _registered("legal_representative", "法定代表人（负责人）", "登记的法定代表人或负责人姓名"),
        _registered("registered_capital", "注册资本", "登记的注册资本或出资额，以币种的基本单位计"),
        _registered("currency", "币种", "注册资本的币种代码"),
        _registered("industry", "行业", "国民经济行业代码（GB/T 4754）"),
        _registered("business_scope", "经营范围", "登记的经营范围"),
        _registered("division", "行政区划", "住所所在行政区划代码"),
        _registered("address", "住所", "登记的住所或主要经营场所"),
        _registered("status", "登记状态", "当前登记状态代码"),
        _registered("established_on", "成立日期", "营业执照上的成立日期"),
        _registered("revoked_on", "吊销日期", "营业执照被吊销的日期；未吊销为空"),
        _registered("deregistered_on", "注销日期", "核准注销登记的日期；未注销为空"),
        BaseColumn(
            "on_dishonesty_list",
            "是否在失信名单",
            "现行失信名单中有该主体",
            (f"{_LISTED}list",),
            "flag",
        ),
        BaseColumn(
            "dishonesty_lists",
            "所在失信名单",
            "所在的全部现行失信名单（代码）；不在名单上为空",
            (f"{_LISTED}list",),
            "list",
        ),
    ),
    folder=Path(__file__).parent,
)
