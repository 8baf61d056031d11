"""A delivery as a whole: what its columns' profiles and the log say about it.

Belongs here: gathering what these judgements need from the lake and the files of work in progress.
Does not belong here: measuring (`quality.profiles`) and judging (`quality.deliveries`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from assets.intake.resettle import earlier
from assets.lakehouse import FINDINGS, PROFILES_TABLE, Lakehouse
from quality.deliveries.arrival import dated_ahead, late, repeated
from quality.deliveries.drift import changed_columns, far_from_history
from quality.deliveries.headings import wrong_headings
from quality.deliveries.model import Found, thresholds
from quality.profiles import PROFILES, sample
from warehouse.engine import Engine
from warehouse.intake import Received
from warehouse.log import Delivery


def whole_findings(
    lakehouse: Lakehouse,
    engine: Engine,
    delivery: Delivery,
    received: Received,
    profiles: pl.DataFrame,
    failed: Mapping[str, int],
    raw: Path,
) -> pl.DataFrame:
    """What is wrong with the delivery as a whole, or with whole columns; rows of FINDINGS.

    `failed`: rows that fail, by rule.
    """
    dataset = lakehouse.catalog.datasets[delivery.dataset]
    log = [
        known
        for known in lakehouse.log.of_deliverer(delivery.dataset, delivery.agency)
        if known.delivery != delivery.delivery
    ]
    # Another shape is another list of the same dataset: with that nothing is compared.
    before = [each for each in earlier(lakehouse, delivery) if each.shape == delivery.shape]
    compared = bool(received.missing) or len(before) >= thresholds().history.least
    history = _profiles_before(lakehouse, engine, before if compared else [])
    came = profiles.filter(pl.col("delivered"))["column"].to_list()
    found = [
        late(lakehouse.catalog, delivery, log),
        dated_ahead(delivery),
        repeated(delivery, log),
        *changed_columns(dataset, received, history),
        *far_from_history(delivery, before, profiles, history),
        *wrong_headings(
            lakehouse.catalog,
            delivery.dataset,
            lambda: sample(raw).select(came),
            failed,
            delivery.accepted or 0,
            delivery.ordered_at.date(),
        ),
    ]
    return _rows(delivery, [each for each in found if each is not None])


def _profiles_before(
    lakehouse: Lakehouse, engine: Engine, before: Sequence[Delivery]
) -> pl.DataFrame:
    """Profiles of the deliverer's earlier deliveries of the dataset."""
    if not before:
        return PROFILES.to_frame()
    engine.refresh([PROFILES_TABLE])
    return pl.DataFrame(
        engine.con.sql(
            "FROM quality.main.profiles WHERE dataset = $dataset AND agency = $agency "
            "AND list_contains($deliveries, delivery)",
            params={
                "dataset": before[0].dataset,
                "agency": before[0].agency,
                "deliveries": [known.delivery for known in before],
            },
        )
    ).match_to_schema(PROFILES)


def _rows(delivery: Delivery, found: Sequence[Found]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "dataset": delivery.dataset,
                "agency": delivery.agency,
                "delivery": delivery.delivery,
                "seq": delivery.seq,
                "kind": each.kind,
                "rule": each.rule,
                "identity": "",
                "row": None,
                "line": None,
                "column": each.column,
                "value": each.value,
                "message": each.message,
            }
            for each in found
        ],
        schema=FINDINGS,
    )
