"""A delivery beside its deliverer's earlier ones: columns that come and go, figures far off.

Belongs here: comparing profiles and counts. What they are measured by stands in
`quality.profiles`, how far is far in `thresholds.yaml`.

Robust on purpose: the median and the median absolute deviation of earlier deliveries are not moved
by a wrong one among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any, Final

import polars as pl

from catalog.models.datasets import Dataset
from quality.deliveries.model import Found, thresholds
from warehouse.intake.headers import normalise
from warehouse.intake.model import Received
from warehouse.log import Delivery

_NORMAL: Final = 1.4826
"""Standard deviation of normal values in median absolute deviations."""


def changed_columns(dataset: Dataset, received: Received, history: pl.DataFrame) -> Iterator[Found]:
    """`delivery.unmapped_column`, `delivery.missing_column`: schema drift.

    `history`: profiles of the deliverer's earlier deliveries of the same shape. A column that may
    be absent is missing where any of them had it: it does not come back by staying away.
    """
    unknown = [name for name in received.unmapped if normalise(name) not in thresholds().numbering]
    if unknown:
        named = "、".join(unknown)
        yield Found(
            "delivery.unmapped_column",
            f"文件中有目录未登记的栏：{named}，其内容未入标准层",
            value=named,
        )
    last = dict(
        history.filter(pl.col("delivered")).sort("seq").select("column", "delivery").iter_rows()
    )
    gone = {column: dataset.column(column).name for column in received.missing if column in last}
    if gone:
        told = "、".join(f"{name}（最近见于批次 {last[column]}）" for column, name in gone.items())
        yield Found(
            "delivery.missing_column",
            f"以前报送过、本次文件中没有的栏：{told}",
            value="、".join(gone.values()),
        )


def far_from_history(
    delivery: Delivery, earlier: Sequence[Delivery], now: pl.DataFrame, before: pl.DataFrame
) -> Iterator[Found]:
    """`delivery.row_count`, `delivery.null_rate`, `delivery.distribution`.

    `earlier`: the deliverer's applied deliveries of the same shape before this one, in order of
    `seq`; `now` and `before` the profiles of this and of those. Only deliveries of the same mode
    are compared.
    """
    limits = thresholds().history
    like = [each for each in earlier if each.mode == delivery.mode and each.accepted]
    like = like[-limits.most :]
    if len(like) < limits.least:
        return
    yield from _row_count(delivery, like)
    history = before.filter(pl.col("delivery").is_in([each.delivery for each in like]))
    for row in now.iter_rows(named=True):
        of_column = history.filter(pl.col("column") == row["column"]).to_dicts()
        yield from _null_rate(row, of_column)
        yield from _distribution(row, of_column)


def _row_count(delivery: Delivery, like: Sequence[Delivery]) -> Iterator[Found]:
    if delivery.mode == "increment" and _is_part(delivery, like):
        return
    limits, rows = thresholds().row_count, delivery.accepted or 0
    usual, spread = _usual([each.accepted or 0 for each in like])
    if abs(rows - usual) > max(limits.deviations * spread, limits.share * usual, limits.rows):
        yield Found(
            "delivery.row_count",
            f"{delivery.file}：本次 {rows} 条，此前 {len(like)} 次报送通常为 {usual:.0f} 条",
            value=str(rows),
        )


def _is_part(delivery: Delivery, like: Sequence[Delivery]) -> bool:
    """Whether the changes of its date came in several files, or those of most dates do.

    Such a file has no usual number of rows. A snapshot is whole, and a second one of the same date
    takes the place of the first.
    """
    files = Counter(each.ordered_at.date() for each in (*like, delivery))
    return files[delivery.ordered_at.date()] > 1 or median(files.values()) > 1


def _null_rate(now: dict[str, Any], before: Sequence[dict[str, Any]]) -> Iterator[Found]:
    limits = thresholds().null_rate
    rates = [each["nulls"] / each["rows"] for each in before if each["rows"] >= limits.rows]
    if now["rows"] < limits.rows or len(rates) < thresholds().history.least:
        return
    rate, (usual, spread) = now["nulls"] / now["rows"], _usual(rates)
    if abs(rate - usual) > max(limits.deviations * spread, limits.points):
        yield Found(
            "delivery.null_rate",
            f"本次该栏有 {rate:.0%} 为空，此前 {len(rates)} 次报送通常为 {usual:.0%}",
            now["column"],
            f"{rate:.0%}",
        )


def _distribution(now: dict[str, Any], before: Sequence[dict[str, Any]]) -> Iterator[Found]:
    limits, median_now = thresholds().distribution, _number(now["p50"])
    ranges = [
        (low, middle, high)
        for each in before
        if each["rows"] - each["nulls"] >= limits.rows
        for low, middle, high in [[_number(each[name]) for name in ("p05", "p50", "p95")]]
        if low is not None and middle is not None and high is not None
    ]
    if (
        median_now is None
        or now["rows"] - now["nulls"] < limits.rows
        or len(ranges) < thresholds().history.least
    ):
        return
    usual, spread = _usual([middle for _, middle, _ in ranges])
    low, high = median(low for low, _, _ in ranges), median(high for _, _, high in ranges)
    outside = not low <= median_now <= high
    if outside and abs(median_now - usual) > limits.deviations * spread:
        yield Found(
            "delivery.distribution",
            f"本次该栏的中位数为 {median_now:g}，此前 {len(ranges)} 次报送通常为 {usual:g}"
            f"（多在 {low:g} 至 {high:g} 之间）",
            now["column"],
            f"{median_now:g}",
        )


def _number(text: str | None) -> float | None:
    """The number that a quantile is; None of a date."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _usual(values: Sequence[float]) -> tuple[float, float]:
    """Median, and the median absolute deviation scaled to a standard deviation."""
    middle = median(values)
    return middle, _NORMAL * median(abs(value - middle) for value in values)
