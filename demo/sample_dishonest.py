"""The sample's two dishonesty lists, one dataset in two shapes.

Belongs here: invented firms on the lists, and which defects stand in which row. The e-commerce list
is an XLSX without blanks' cells; the transport list an old XLS with a sheet `body`, a running
number, and empty texts where nothing stands.
"""

from __future__ import annotations

from demo.delivery import Delivery
from demo.identifiers import organization_code, registration_no, uscc, wrong_check

PLACES = {
    "110105": ("北京", "北京"), "120101": ("天津", "天津"), "310104": ("上海", "上海"),
    "330106": ("浙江", "杭州"), "320505": ("江苏", "苏州"), "370303": ("山东", "淄博"),
    "440305": ("广东", "深圳"), "510107": ("四川", "成都"), "610113": ("陕西", "西安"),
}  # fmt: skip
WORDS = ("云帆", "驰远", "聚源", "易达", "鸿途", "众联", "恒运", "捷程")
REASONS = ("失信被执行人名单、工商吊销企业名单", "工商吊销企业名单", "失信被执行人名单")


def ecommerce(corrected: bool) -> Delivery:
    """60 rows of the e-commerce list: name, registration number, both codes, reason."""
    headers = {
        "name": "企业名称",
        "registration_no": "工商注册号",
        "organization_code": "组织机构代码",
        "uscc": "统一信用代码",
        "reason": "失信领域",
    }
    delivery = _delivery("ecommerce_companies.xlsx", headers, corrected, 300, 60, "电子商务")
    codes = [row["uscc"] for row in delivery.rows]
    plant = delivery.plant
    for row in (3, 21, 40):
        plant(row, "uscc", "", "required", "缺统一社会信用代码：问题数据，不隔离", stays=row != 3)
    plant(6, "uscc", wrong_check(codes[5]), "check_digit", "校验码不符")
    plant(9, "uscc", codes[8][:17], "length", "少一位", stays=True)
    plant(12, "organization_code", organization_code(999_001), "row.organization_code_in_uscc",
          "组织机构代码与统一社会信用代码不一致")  # fmt: skip
    bad = _wrong_organization_code(delivery.rows[14]["organization_code"])
    plant(15, "organization_code", bad, "check_digit row.organization_code_in_uscc", "校验码不符")
    plant(18, "organization_code", "XX0003", "form", "组织机构代码不足9位")
    plant(24, "registration_no", "12345", "form", "注册号不足13位", stays=True)
    number = delivery.rows[26]["registration_no"]
    plant(27, "registration_no", number[:-1] + str((int(number[-1]) + 1) % 10), "check_digit",
          "注册号校验码不符", stays=True)  # fmt: skip
    plant(30, "reason", "-", "null_word", "以字样表示空值")
    plant(33, "organization_code", "无", "null_word", "以字样表示空值")
    _plant_without_name(delivery, 36)
    for column in ("name", "uscc", "organization_code", "registration_no"):
        if not corrected:
            delivery.rows[44][column] = delivery.rows[43][column]
    if not corrected:
        delivery.expect(45, "uscc", "rule", "row.duplicate_key", "与第44行重复")
    return delivery


def transport(corrected: bool) -> Delivery:
    """50 rows of the transport list: running number, name, codes, province."""
    headers = {
        "running_number": "序号",
        "name": "企业名称",
        "registration_no": "工商注册号",
        "organization_code": "组织机构代码",
        "uscc": "统一信用代码",
        "province": "所在省份",
    }
    delivery = _delivery("transport_companies.xls", headers, corrected, 400, 50, "货物运输")
    codes = [row["uscc"] for row in delivery.rows]
    plant = delivery.plant
    for row in (2, 5, 26, 41):
        plant(row, "uscc", "", "required", "缺统一社会信用代码：问题数据，不隔离", stays=row != 5)
    plant(8, "province", "火星", "code", "代码表以外的省份")
    plant(11, "uscc", codes[10].replace("1", "I", 1), "alphabet", "字母 I 代替数字 1", stays=True)
    plant(14, "uscc", wrong_check(codes[13]), "check_digit", "校验码不符")
    code = delivery.rows[16]["organization_code"]
    hyphened = f"{code[:8]}-{code[8]}"
    plant(17, "organization_code", hyphened, "separator", "带连字符", kind="normalisation")
    plant(20, "province", "暂无", "null_word", "以字样表示空值")
    for column in ("uscc", "organization_code", "registration_no"):
        delivery.rows[22][column] = ""
    delivery.expect(23, "uscc", "rule", "uscc.required", "三个代码都没有，仍能识别", stays=True)
    _plant_without_name(delivery, 29)
    return delivery


def _delivery(
    name: str, headers: dict[str, str], corrected: bool, first: int, size: int, trade: str
) -> Delivery:
    """Right rows of `size` firms with serials from `first`, in the columns of one list."""
    stem, suffix = name.split(".")
    file = f"{stem}_{'2026-10-15' if corrected else '2026-09-30'}.{suffix}"
    rows = []
    for row in range(size):
        firm = _firm(first + row, row + 1, trade)
        rows.append({column: firm[column] for column in headers})
    return Delivery("development_reform", "dishonest_entities", file, headers, rows, corrected)


def _firm(serial: int, number: int, trade: str) -> dict[str, str]:
    """A right row with the columns of both lists; every third firm has no registration number."""
    division = list(PLACES)[serial % len(PLACES)]
    province, city = PLACES[division]
    return {
        "running_number": str(number),
        "name": f"{city}{WORDS[serial % len(WORDS)]}示例{trade}{serial}号有限公司",
        "registration_no": "" if serial % 3 == 0 else registration_no(serial, division),
        "organization_code": organization_code(serial),
        "uscc": uscc(serial, division),
        "reason": REASONS[serial % len(REASONS)],
        "province": province,
    }


def _wrong_organization_code(code: str) -> str:
    return code[:-1] + ("1" if code[-1] != "1" else "2")


def _plant_without_name(delivery: Delivery, row: int) -> None:
    delivery.plant(row, "name", "", "required", "企业名称为空")
    if not delivery.corrected:
        delivery.expect(row, "name", "quarantine", "key.missing", "无法形成主键")
