"""The sample's company registrations: the city bureau's CSV and a district bureau's.

Belongs here: invented companies, and which defects stand in which row. The city's file has the
shape of a real one: UTF-8 without BOM, CRLF, capital written with unit and currency, quoted
business scopes. The district's is GB18030, as older desktop programs write it.
"""

from __future__ import annotations

from demo.delivery import Delivery
from demo.identifiers import organization_code, uscc, uscc_of, wrong_check

HEADERS = {
    "name": "企业名称",
    "uscc": "统一社会信用代码",
    "established_on": "注册日期",
    "entity_type": "企业类型",
    "legal_representative": "法人代表",
    "registered_capital": "注册资金",
    "business_scope": "经营范围",
    "province": "所在省份",
    "city": "地区",
    "address": "注册地址",
}

DISTRICTS = {
    "370302": "淄川区", "370303": "张店区", "370304": "博山区", "370305": "临淄区",
    "370306": "周村区", "370321": "桓台县", "370322": "高青县", "370323": "沂源县",
}  # fmt: skip
WORDS = (
    "松涛", "云岫", "青禾", "瑞泽", "明川", "嘉木", "恒岳", "朗月", "星澜", "锦程", "远帆", "晨光",
)  # fmt: skip
TRADES = {
    "机械制造": "机械零部件加工；机械设备销售",
    "陶瓷": "日用陶瓷制品制造；日用陶瓷制品销售",
    "化工": "化工产品销售（不含危险化学品）",
    "商贸": "日用百货、五金产品、针纺织品销售",
    "物流": "普通货物道路运输；装卸搬运",
    "餐饮管理": "餐饮服务；餐饮管理",
    "农业科技": "农产品种植、销售；农业技术推广服务",
}
TYPES = ("有限责任公司", "个人独资企业", "股份有限公司", "集体所有制")
SURNAMES = "王张李孙刘赵陈杨周高"
ROADS = ("松涛路", "云岫街", "青禾大道", "明川巷")

MULTI_LINE = 68
QUOTED = (12, 71)
"""Rows whose scope holds line breaks or commas within quotes: right, and easily read wrong."""


def city_bureau(corrected: bool) -> Delivery:
    """120 rows of 市市场监管局; the corrected delivery is right in most of them."""
    file = f"business_entities_{'2026-10-15' if corrected else '2026-09-30'}.csv"
    rows = [_company(serial) for serial in range(1, 121)]
    delivery = Delivery("market_supervision", "business_entities", file, HEADERS, rows, corrected)
    for row in QUOTED:
        rows[row - 1]["business_scope"] = "钢材,建材,五金销售；仓储服务,装卸服务"
    rows[MULTI_LINE - 1]["business_scope"] = "机械设备销售；\n机械设备维修；\n技术咨询"
    delivery.expect(
        MULTI_LINE, "business_scope", "normalisation", "business_scope.blanks",
        "引号内的换行，不是问题", stays=True,
    )  # fmt: skip
    _plant_codes(delivery)
    _plant_dates(delivery)
    _plant_missing(delivery)
    _plant_other(delivery)
    return delivery


def district_bureau() -> Delivery:
    """40 rows of 张店区市场监管局, rows of its own in the same dataset."""
    rows = [_company(serial, "370303") for serial in range(201, 241)]
    delivery = Delivery(
        "zhangdian_market_supervision", "business_entities", "登记信息_20260930.csv",
        HEADERS, rows, False,
    )  # fmt: skip
    delivery.plant(4, "uscc", wrong_check(rows[3]["uscc"]), "check_digit", "校验码不符")
    delivery.plant(9, "registered_capital", "N/A", "null_word", "以字样表示空值")
    delivery.plant(9, "entity_type", "N/A", "null_word", "以字样表示空值")
    delivery.plant(15, "established_on", "1900-01-01", "sentinel_date", "占位日期")
    delivery.plant(22, "address", "", "required", "必填项为空")
    delivery.plant(30, "established_on", "2019/3/5", "date_form", "斜线日期", kind="normalisation")
    return delivery


def _company(serial: int, division: str = "") -> dict[str, str]:
    """A right row: a company, or every tenth a sole trader without capital."""
    division = division or list(DISTRICTS)[serial % len(DISTRICTS)]
    district = DISTRICTS[division]
    word, trade = WORDS[serial % len(WORDS)], list(TRADES)[serial % len(TRADES)]
    sole_trader = serial % 10 == 0
    return {
        "name": f"{district}{word}示例{trade}{'店' if sole_trader else f'{serial}号有限公司'}",
        "uscc": uscc(serial, division, "92" if sole_trader else "91"),
        "established_on": f"{1990 + serial % 33}-{serial % 12 + 1:02d}-{serial * 7 % 28 + 1:02d}",
        "entity_type": "个体工商户" if sole_trader else TYPES[serial % 9 % len(TYPES)],
        "legal_representative": SURNAMES[serial * 3 % len(SURNAMES)] + "某",
        "registered_capital": "" if sole_trader else _capital(serial),
        "business_scope": TRADES[trade],
        "province": "山东",
        "city": "淄博",
        "address": f"{district}{ROADS[serial % len(ROADS)]}{serial * 3}号",
    }


def _capital(serial: int) -> str:
    """Registered capital in the forms that the real file uses."""
    amount = serial * 13 % 900 + 10
    return (
        f"{amount}万人民币",
        f"{amount}.0000(万元人民币)",
        f"{amount // 100 + 1},{amount:03d}.2910(万元人民币)",
        f"{amount}.5万人民币",
        f"{amount}万美元",
    )[serial % 5]


def _plant_codes(delivery: Delivery) -> None:
    """Codes that are wrong, and codes that only need bringing to standard form."""
    codes = [row["uscc"] for row in delivery.rows]
    plant = delivery.plant
    plant(8, "uscc", wrong_check(codes[7]), "check_digit", "校验码不符")
    plant(11, "uscc", codes[10][:-1], "length", "少一位，只有17位")
    plant(14, "uscc", codes[13].replace("0", "O", 1), "alphabet", "字母 O 代替数字 0")
    plant(17, "uscc", "9I" + codes[16][2:], "alphabet", "字母 I 代替数字 1", stays=True)
    plant(19, "uscc", "9.13703E+17", "length", "科学计数法", stays=True)
    inner = organization_code(86)
    inner = inner[:-1] + ("1" if inner[-1] != "1" else "2")
    plant(86, "uscc", uscc_of(inner, "370303"), "inner_check", "组织机构代码校验不符", stays=True)
    odd_pair = uscc(87, "370303", "94")
    plant(87, "uscc", odd_pair, "department", "登记管理部门与机构类别的组合不在标准内", stays=True)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in codes[21])
    plant(22, "uscc", wide, "fullwidth", "全角字符", kind="normalisation")
    plant(89, "uscc", f" {codes[88]} ", "blanks", "前后空格", kind="normalisation")
    plant(91, "uscc", codes[90].lower(), "upper_case", "小写字母", kind="normalisation")
    plant(92, "uscc", "'" + codes[91], "quote", "多余的引号", kind="normalisation")
    zero_width = codes[92][:9] + "\u200b" + codes[92][9:]
    plant(93, "uscc", zero_width, "invisible_characters", "零宽字符", kind="normalisation")
    plant(59, "uscc", codes[1], "row.duplicate_key", "与第2行代码相同")


def _plant_dates(delivery: Delivery) -> None:
    """Dates in other forms, dates that say "unknown", and dates that cannot be."""
    plant = delivery.plant
    for row, written in ((24, "20190315"), (26, "2019/3/5"), (29, "2019年3月5日"), (32, "43529")):
        plant(row, "established_on", written, "date_form", "其他日期写法", kind="normalisation")
    for row, sentinel in ((35, "1900-01-01"), (38, "9999-12-31"), (41, "1899-12-31")):
        plant(row, "established_on", sentinel, "sentinel_date", "占位日期")
    plant(44, "established_on", "2046-05-20", "future_date", "晚于数据日期", stays=True)
    plant(47, "established_on", "2019-02-30", "unreadable", "不存在的日期")


def _plant_missing(delivery: Delivery) -> None:
    """Values that are missing or say so in words, and a row without a key."""
    plant = delivery.plant
    for row, column, word in (
        (3, "registered_capital", "N/A"), (5, "entity_type", "N/A"), (16, "address", "暂无"),
        (25, "legal_representative", "无"), (36, "business_scope", r"\N"),
        (48, "registered_capital", "NULL"), (49, "address", "-"),
    ):  # fmt: skip
        plant(row, column, word, "null_word", "以字样表示空值")
    for row in (101, 102, 103):
        plant(row, "entity_type", "N/A", "null_word", "以字样表示空值", stays=True)
    plant(56, "name", "", "required", "必填项为空")
    plant(57, "legal_representative", "", "required", "必填项为空", stays=True)
    plant(74, "uscc", "", "required", "主键为空")
    plant(77, "uscc", "暂无", "null_word", "主键为空")
    if not delivery.corrected:
        for row in (74, 77):
            delivery.expect(row, "uscc", "quarantine", "key.missing", "无法形成主键")


def _plant_other(delivery: Delivery) -> None:
    """Unreadable capital, unknown codes, ragged records."""
    plant = delivery.plant
    plant(52, "registered_capital", "面议", "unreadable", "不是金额")
    plant(54, "registered_capital", "-50万人民币", "range", "负的注册资本")
    plant(55, "registered_capital", "500", "unreadable", "没有单位，元或万元不明", stays=True)
    plant(53, "province", "火星", "code", "代码表以外的省份")
    plant(58, "city", "乌有市", "code", "代码表以外的地市", stays=True)
    plant(61, "entity_type", "松散联合体", "code", "代码表以外的类型")
    plant(63, "entity_type", "个体工商户", "row.sole_trader_code", "代码不以92开头", stays=True)
    fields = [delivery.rows[63][column] for column in HEADERS]
    delivery.plant_ragged(64, fields[:-1], "少一个字段")
    fields = [delivery.rows[65][column] for column in HEADERS]
    scope = list(HEADERS).index("business_scope")
    fields[scope : scope + 1] = ["钢材", "建材销售"]
    delivery.plant_ragged(66, fields, "经营范围中的逗号没有加引号")
