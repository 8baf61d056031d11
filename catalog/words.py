"""What agencies call the values that the catalogue declares in English.

Belongs here: words that more than one page or message uses.
"""

from __future__ import annotations

from catalog.models.attributes import OpeningType, SharingType, UpdateCycle

SHARING = {
    SharingType.UNCONDITIONAL: "无条件共享",
    SharingType.CONDITIONAL: "有条件共享",
    SharingType.NOT_SHARED: "不予共享",
}
OPENING = {
    OpeningType.UNCONDITIONAL: "无条件开放",
    OpeningType.CONDITIONAL: "有条件开放",
    OpeningType.NOT_OPEN: "不予开放",
}
CYCLES = {
    UpdateCycle.HOURLY: "每小时",
    UpdateCycle.DAILY: "每日",
    UpdateCycle.WEEKLY: "每周",
    UpdateCycle.MONTHLY: "每月",
    UpdateCycle.QUARTERLY: "每季度",
    UpdateCycle.TERM: "每学期",
    UpdateCycle.YEARLY: "每年",
}
