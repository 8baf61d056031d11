"""The sample's regional GDP: 31 provinces, two years, CSV with BOM.

Belongs here: invented figures that add up, and which defects stand in which row. The figures follow
from a province's place in the list and resemble no published ones.
"""

from __future__ import annotations

from decimal import Decimal

from demo.delivery import Delivery

HEADERS = {
    "year": "年份",
    "province": "省份",
    "gdp": "GDP总量",
    "primary_industry": "第一产业",
    "secondary_industry": "第二产业",
    "tertiary_industry": "第三产业",
    "primary_industry_share": "第一产业占比",
    "secondary_industry_share": "第二产业占比",
    "tertiary_industry_share": "第三产业占比",
}

PROVINCES = (
    "上海市", "云南省", "内蒙古自治区", "北京市", "吉林省", "四川省",
    "天津市", "宁夏回族自治区", "安徽省", "山东省", "山西省", "广东省",
    "广西壮族自治区", "新疆维吾尔自治区", "江苏省", "江西省", "河北省",
    "河南省", "浙江省", "海南省", "湖北省", "湖南省", "甘肃省", "福建省",
    "西藏自治区", "贵州省", "辽宁省", "重庆市", "陕西省", "青海省", "黑龙江省",
)  # fmt: skip


def regional_gdp(corrected: bool) -> Delivery:
    """62 rows; the corrected delivery is right in all but two."""
    file = f"regional_gdp_{'2026-10-15' if corrected else '2026-09-30'}.csv"
    rows = [_figures(year, number) for year in (2023, 2024) for number in range(len(PROVINCES))]
    delivery = Delivery("statistics", "regional_gdp", file, HEADERS, rows, corrected)
    plant = delivery.plant
    secondary = Decimal(rows[3]["secondary_industry"]) + 50
    plant(4, "secondary_industry", str(secondary),
          "row.sectors_add_up row.secondary_share_fits", "三次产业之和不等于总量")  # fmt: skip
    plant(9, "primary_industry_share", "0.9000", "row.primary_share_fits", "占比不符")
    in_ten_thousands = str(Decimal(rows[13]["gdp"]) * 10_000)
    plant(14, "gdp", in_ten_thousands, "range", "以万元填写")
    plant(18, "tertiary_industry", "暂无", "null_word", "以字样表示空值")
    plant(22, "primary_industry", "约五百", "unreadable", "不是数值", stays=True)
    plant(27, "gdp", "", "required", "必填项为空")
    plant(33, "province", "火星省", "code", "代码表以外的省份")
    plant(38, "secondary_industry_share", "1.3", "range", "占比大于1")
    plant(45, "year", "２０２４", "fullwidth", "全角数字", kind="normalisation")
    grouped = f"{Decimal(rows[49]['gdp']):,}"
    plant(50, "gdp", grouped, "thousands", "千分位逗号", kind="normalisation")
    for column in HEADERS:
        if not corrected:
            rows[57][column] = rows[56][column]
    if not corrected:
        delivery.expect(58, "province", "rule", "row.duplicate_key", "与第57行重复")
    return delivery


def _figures(year: int, number: int) -> dict[str, str]:
    """A right row: sectors that add up, shares of four decimals."""
    primary = Decimal(100 + 37 * number) + Decimal(year % 100) / 100
    secondary = Decimal(1200 + 211 * number) + Decimal(number) / 100
    tertiary = Decimal(1500 + 260 * number + year % 100)
    gdp = primary + secondary + tertiary
    sectors = {"primary": primary, "secondary": secondary, "tertiary": tertiary}
    return {
        "year": str(year),
        "province": PROVINCES[number],
        "gdp": str(gdp),
        **{f"{name}_industry": str(value) for name, value in sectors.items()},
        **{f"{name}_industry_share": f"{value / gdp:.4f}" for name, value in sectors.items()},
    }
