"""Lays defects over rendered rows, day by day.

Belongs here: from a piece of right rows to what is written on each day, with the labels. Choosing
the rows stands in `demo.city.defects.choice`, the damages in the modules that `damage` names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from catalog.models.datasets import Dataset
from demo.city.days import Calendar, Lives, lives_of
from demo.city.declared import declaration
from demo.city.defects.choice import Choosing, Faulty
from demo.city.defects.damage import Columns, Hit
from demo.city.defects.damages import damages
from demo.city.defects.keys import hashed, key_texts
from demo.city.defects.kinds import BROKEN, INSERTED, Target, key_parts, targets_of
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import Plan, draws_of
from demo.city.defects.variations import Cells, Variations
from demo.city.form import Form
from demo.city.rng import Bools, Ints

OPERATION: Final = "_operation"
"""The written column that says what an increment's row does."""


@dataclass(frozen=True, slots=True)
class Laid:
    """What is written of a piece on one day, in order.

    `text`: rows; `broken`: positions in it that are written so that they can't be read, and how;
    `labels`: the columns of `FOUND`, `at` a position in `text`.
    """

    text: pl.DataFrame
    broken: list[tuple[int, str]]
    labels: pl.DataFrame


FOUND: Final = pl.Schema(
    {
        "at": pl.Int64(),
        "target": pl.Int64(),
        "key": pl.String(),
        "key_original": pl.String(),
        "held": pl.String(),
        "original": pl.String(),
        "delivered": pl.String(),
        "continues": pl.Boolean(),
        "corrected": pl.Int64(),
        "relapsed": pl.Int64(),
    }
)
"""Labels of one piece: `target` numbers the laying's targets, `held` is what rows elsewhere rest
on, the days are numbers."""


class Laying:
    """Defects and changes of one dataset in one form."""

    def __init__(
        self, know: Knowledge, dataset: Dataset, form: Form, calendar: Calendar, plan: Plan
    ) -> None:
        self.know, self.dataset, self.form = know, dataset, form
        self.calendar, self.plan = calendar, plan
        self.targets: list[Target] = []
        """What the labels' `target` numbers; known once a piece was laid."""
        self._choosing: Choosing | None = None
        self._variations = Variations(know, dataset, form, plan.rate)

    def piece(self, text: pl.DataFrame, facts: pl.DataFrame, sound: bool = False) -> Piece:
        """Right rows as text and as facts → what is written of them; `sound`: without defects."""
        identity = hashed(key_texts(facts, self.dataset))
        lives = lives_of(self.calendar, self.dataset.ref, self.know.city.seed, identity)
        choosing = self._choosing_of([] if sound else None, text)
        faulty = choosing.of(text, facts, identity, lives.arrives)
        lives.keep(faulty.rows, faulty.begins)  # What becomes of them is their defects' to say.
        varied = self._variations.of(text, facts, identity, faulty.rows)
        return Piece(self, facts[faulty.rows], text, varied, lives, faulty)

    def _choosing_of(self, targets: list[Target] | None, text: pl.DataFrame) -> Choosing:
        if targets is not None or self.plan.rate <= 0:
            return self._over([])
        if self._choosing is None:
            written = set(text.columns)
            self.targets = targets_of(self.know.city.catalog, self.dataset, self.form, written)
            self._choosing = self._over(self.targets)
        return self._choosing

    def _over(self, targets: list[Target]) -> Choosing:
        ref = self.dataset.ref
        shares = self.plan.shares(ref, targets) if targets else []

        def hit_of(written: Columns, known: Columns, target: Target) -> Hit:
            return Hit(self.know, self.dataset, self.form, written, known, target, 0, 0, self.plan)

        return Choosing(targets, shares, draws_of(self.know.city, ref), damages(), hit_of)


class Piece:
    """Rows of one deliverer, and what is written of them on each day."""

    def __init__(
        self,
        laying: Laying,
        facts: pl.DataFrame,
        right: pl.DataFrame,
        varied: Cells,
        lives: Lives,
        faulty: Faulty,
    ) -> None:
        """`facts`: standard values of the faulty rows; `right`: all rows; `varied`: cells of them
        in another right form."""
        self._laying, self._lives, self._faulty = laying, lives, faulty
        self._right, self._varied = right, varied
        how = [laying.targets[number].how for number in faulty.target]
        self._how = how
        self._inserted = np.array([name in INSERTED for name in how], dtype=bool)
        self._in_place = ~self._inserted & np.array(
            [name not in BROKEN for name in how], dtype=bool
        )
        self._keys = self._keys_of(facts)

    def _keys_of(self, facts: pl.DataFrame) -> pl.DataFrame:
        """`key` as delivered, `key_original`, and what others rest on, of the faulty rows."""
        dataset, faulty = self._laying.dataset, self._faulty
        rests = declaration("defects")["rests"].get(dataset.ref)
        moved = [
            where_changed(facts[part], faulty.right[part], faulty.wrong[part])
            for part in key_parts(dataset)
            if part in facts.columns and facts.schema[part] == pl.String
        ]
        return pl.DataFrame(
            {
                "key": key_texts(facts.with_columns(moved), dataset),
                "key_original": key_texts(facts, dataset),
            }
        ).with_columns(held=facts[rests["holds"]] if rests else pl.lit(None, pl.String))

    def on(self, day: int) -> Laid:
        """What is written on a day."""
        increment = day > 1 and self._laying.dataset.mode == "increment"
        text = self._changed(day)
        standing = self._faulty.stands(day)
        present = self._present(day, increment)
        faulty = self._faulty.rows
        in_place = standing & self._in_place & present[faulty]
        wrong = self._faulty.wrong.filter(pl.Series(in_place))
        text = replaced(text, faulty[in_place], wrong, self._varied)
        if increment:
            text = text.with_columns(self._operations(day).alias(OPERATION))
        extra = self._extra(day, standing & present[faulty], increment)
        return self._assembled(text, present, standing, extra, day, increment)

    def _present(self, day: int, increment: bool) -> Bools:
        lives, faulty = self._lives, self._faulty
        if not increment:
            there: Bools = (lives.arrives <= day) & (lives.leaves > day)
            return there
        present: Bools = (lives.arrives == day) | (lives.changes == day) | (lives.leaves == day)
        turned = (faulty.corrected == day) | (faulty.relapsed == day)
        present[faulty.rows[turned]] = True
        return present

    def _changed(self, day: int) -> pl.DataFrame:
        """The right rows, with the changes up to the day."""
        text, change = self._right, declaration("days")["changes"].get(self._laying.dataset.ref)
        done = self._lives.changes <= day
        if change is None or not done.any():
            return text
        column = pl.col(change["column"])
        added = pl.when(pl.Series(done)).then(column + change["append"]).otherwise(column)
        return text.with_columns(added.alias(change["column"]))

    def _operations(self, day: int) -> pl.Series:
        words, lives = declaration("days")["operations"], self._lives
        chosen = np.select(
            [lives.leaves == day, lives.arrives == day],
            [words["deleted"], words["new"]],
            words["changed"],
        )
        return pl.Series(chosen.astype(str))

    def _extra(self, day: int, standing: Bools, increment: bool) -> pl.DataFrame:
        """Rows to put behind others: `_behind` says which. Second rows; and in an increment the
        deletion of a wrong key that its corrected row does not have any more, and of the right key
        that a row wrong again does not have."""
        words, faulty = declaration("days")["operations"], self._faulty
        second = self._inserted & standing
        frames = [self._faulty.wrong.filter(pl.Series(second))]
        behind, number = [faulty.rows[second]], [np.flatnonzero(second)]
        if increment:
            frames[0] = frames[0].with_columns(pl.lit(words["new"]).alias(OPERATION))
            other = self._keys["key"].ne_missing(self._keys["key_original"]).to_numpy()
            moved = other & self._keys["key"].is_not_null().to_numpy()
            for turned, before in (
                (moved & (faulty.corrected == day), faulty.wrong),
                (moved & (faulty.relapsed == day) & ~self._inserted, faulty.right),
            ):
                deleted = before.filter(pl.Series(turned))
                frames.append(deleted.with_columns(pl.lit(words["deleted"]).alias(OPERATION)))
                behind.append(faulty.rows[turned])
                number.append(np.full(int(turned.sum()), -1))
        return pl.concat(frames).with_columns(
            pl.Series("_behind", np.concatenate(behind)).cast(pl.Int64),
            pl.Series("_faulty", np.concatenate(number)).cast(pl.Int64),
        )

    def _assembled(
        self,
        text: pl.DataFrame,
        present: Bools,
        standing: Bools,
        extra: pl.DataFrame,
        day: int,
        increment: bool,
    ) -> Laid:
        """Rows in order, extra ones behind theirs, and the labels with their places."""
        rows = np.flatnonzero(present)
        faulty = self._faulty
        own = np.full(len(present), -1)
        labelled = np.flatnonzero(standing & present[faulty.rows] & ~self._inserted)
        own[faulty.rows[labelled]] = labelled
        kept = text if len(rows) == len(present) else text[rows]
        numbers = own[rows]
        if extra.height:
            kept, numbers = _inserted(kept, numbers, rows, extra)
        at = np.flatnonzero(numbers >= 0)
        labels = self._labels(at, numbers[at], day, increment)
        broken = [
            (place, self._how[number])
            for place, number in zip(at.tolist(), numbers[at].tolist(), strict=True)
            if self._how[number] in BROKEN
        ]
        return Laid(kept, broken, labels)

    def _labels(self, at: Ints, number: Ints, day: int, increment: bool) -> pl.DataFrame:
        faulty = self._faulty
        earlier = faulty.begins < day
        if increment:
            # A record that had no key can't be proven right by another one: it never was closed.
            before = earlier & np.array([how == "key_missing" for how in self._how], dtype=bool)
        else:
            before = earlier & faulty.stands(day - 1)
        return pl.DataFrame(
            {
                "at": at,
                "target": faulty.target[number],
                **self._keys[number].to_dict(),
                "original": faulty.original.gather(number),
                "delivered": faulty.delivered.gather(number),
                "continues": before[number],
                "corrected": faulty.corrected[number],
                "relapsed": faulty.relapsed[number],
            },
            schema=FOUND,
        )


def _inserted(
    text: pl.DataFrame, numbers: Ints, rows: Ints, extra: pl.DataFrame
) -> tuple[pl.DataFrame, Ints]:
    """Extra rows put behind the rows they belong to; `rows` are the positions of the text's."""
    after = np.searchsorted(rows, extra["_behind"].to_numpy(), side="right")
    order = np.argsort(after, kind="stable")
    added = extra.drop("_behind", "_faulty").select(text.columns)
    pieces, start = [], 0
    for place, stop in zip(order.tolist(), after[order].tolist(), strict=True):
        pieces += [text[start:stop], added[place : place + 1]]
        start = stop
    numbers = np.insert(numbers, after[order], extra["_faulty"].to_numpy()[order])
    return pl.concat([*pieces, text[start:]]), numbers


def where_changed(right: pl.Series, before: pl.Series, after: pl.Series) -> pl.Series:
    """The standard value, or what is written instead where that was damaged."""
    return right.zip_with(before.eq_missing(after), after).alias(right.name)


def replaced(text: pl.DataFrame, rows: Ints, new: pl.DataFrame, varied: Cells) -> pl.DataFrame:
    """The text with these rows replaced, and the cells of other rows varied."""
    cells = dict(varied)
    old = text[rows]
    for name in text.columns:
        differing = old[name].ne_missing(new[name])
        if differing.any():
            at, values = rows[differing.to_numpy()], new[name].filter(differing)
            if name in cells:
                at = np.concatenate([at, cells[name][0]])
                values = pl.concat([values, cells[name][1]])
            cells[name] = (at, values)
    return text.with_columns(text[name].scatter(*place) for name, place in cells.items())
