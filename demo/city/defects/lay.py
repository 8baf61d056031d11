"""Lays defects over rendered rows, day by day.

Belongs here: from a piece of right rows to what is written on each day, with the labels. Choosing
the rows stands in `demo.city.defects.choice`, the damages in the modules that `damage` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from catalog.models import Dataset
from demo.city.days import Calendar, Lives, lives_of
from demo.city.declared import declaration
from demo.city.defects.choice import Faulty, choose
from demo.city.defects.damage import Changes, Hit, damages
from demo.city.defects.keys import hashed, key_texts
from demo.city.defects.kinds import BROKEN, INSERTED, Target, key_parts, targets_of
from demo.city.defects.knowledge import Knowledge
from demo.city.defects.plan import Plan
from demo.city.defects.variations import Variations
from demo.city.form import Form
from demo.city.rng import Bits, Ints

OPERATION: Final = "_operation"
"""The written column that says what an increment's row does."""

Bools = NDArray[np.bool_]


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
        "original": pl.String(),
        "delivered": pl.String(),
        "continues": pl.Boolean(),
        "corrected": pl.Int64(),
        "relapsed": pl.Int64(),
    }
)
"""Labels of one piece: `target` numbers the laying's targets, the days are numbers."""


class Laying:
    """Defects and changes of one dataset in one form."""

    def __init__(
        self, know: Knowledge, dataset: Dataset, form: Form, calendar: Calendar, plan: Plan
    ) -> None:
        self.know, self.dataset, self.form = know, dataset, form
        self.calendar, self.plan = calendar, plan
        self._draws = know.city.draws(f"defects/{dataset.ref}")
        self._targets: list[Target] | None = None
        self._damages = damages()
        self._variations = Variations(know, dataset, form, plan.rate)

    @property
    def targets(self) -> list[Target]:
        """What the labels' `target` numbers; known once a piece was laid."""
        return self._targets or []

    def piece(self, text: pl.DataFrame, facts: pl.DataFrame, sound: bool = False) -> Piece:
        """Right rows as text and as facts → what is written of them; `sound`: without defects."""
        if self._targets is None:
            written = set(text.columns)
            found = targets_of(self.know.city.catalog, self.dataset, self.form, written)
            self._targets = found if self.plan.rate > 0 else []
        identity = hashed(key_texts(facts, self.dataset))
        lives = lives_of(self.calendar, self.dataset.ref, self.know.city.seed, identity)
        targets = [] if sound else self._targets
        damaged = _Damaged(self, text, facts)
        shares = self.plan.shares(self.dataset.ref, targets) if targets else []
        faulty = choose(
            targets, shares, self._draws, facts, identity, lives.arrives, damaged.strike
        )
        varied = self._variations.of(text, facts, identity, faulty.rows)
        return Piece(self, damaged, facts, identity, lives, faulty, varied)

    def strike(self, target: Target, text: pl.DataFrame, facts: pl.DataFrame, bits: Bits) -> Changes:
        """The columns that a target changes in the rows."""
        hit = Hit(self.know, self.dataset, self.form, target, text, facts, bits)
        return self._damages[target.how](hit)


class _Damaged:
    """The damaged rows of a piece, column by column."""

    def __init__(self, laying: Laying, text: pl.DataFrame, facts: pl.DataFrame) -> None:
        self._laying, self.text, self._facts = laying, text, facts
        self.struck: list[tuple[Ints, Changes]] = []

    def strike(self, target: Target, rows: Ints, bits: Bits) -> Bools:
        """Damages rows and says which of them really changed."""
        if not len(rows):
            return np.zeros(0, dtype=bool)
        text, facts = self.text[rows], self._facts[rows]
        fits = self._allowed(target, facts)
        changes = self._laying.strike(target, text, facts, bits)
        if target.how not in BROKEN and target.how != "duplicate_key":
            differs = np.zeros(len(rows), dtype=bool)
            for name, values in changes.items():
                differs |= values.ne_missing(text[name]).to_numpy()
            fits &= differs
        kept = pl.Series(fits)
        self.struck.append((rows[fits], {n: values.filter(kept) for n, values in changes.items()}))
        return fits

    @staticmethod
    def _allowed(target: Target, facts: pl.DataFrame) -> Bools:
        fits = np.ones(facts.height, dtype=bool)
        for column, values in target.where:
            if column in facts.columns:
                fact = facts[column].cast(pl.String)
                known = [value for value in values if value is not None]
                allowed = fact.is_in(known).fill_null(None in values)
                fits &= allowed.to_numpy()
        return fits

    def rows(self, faulty: Faulty) -> pl.DataFrame:
        """The faulty rows, damaged, in order."""
        frame = self.text[faulty.rows]
        scattered: dict[str, tuple[list[Ints], list[pl.Series]]] = {}
        for rows, changes in self.struck:
            for name, values in changes.items():
                places, parts = scattered.setdefault(name, ([], []))
                places.append(np.searchsorted(faulty.rows, rows))
                parts.append(values)
        return frame.with_columns(
            frame[name].scatter(np.concatenate(places), pl.concat(parts))
            for name, (places, parts) in scattered.items()
        )


class Piece:
    """Rows of one deliverer, and what is written of them on each day."""

    def __init__(
        self,
        laying: Laying,
        damaged: _Damaged,
        facts: pl.DataFrame,
        identity: Bits,
        lives: Lives,
        faulty: Faulty,
        varied: pl.DataFrame,
    ) -> None:
        self._laying, self._lives, self._faulty = laying, lives, faulty
        self._right = varied
        self._identity = identity
        targets = laying.targets
        self._how = np.array([targets[number].how for number in faulty.target], dtype=object)
        self._wrong = damaged.rows(faulty)
        self._inserted = np.isin(self._how.astype(str), INSERTED)
        self._in_place = ~self._inserted & ~np.isin(self._how.astype(str), BROKEN)
        self._keys = self._keys_of(damaged.text, facts)
        names = sorted({targets[number].column for number in faulty.target})
        self._originals = damaged.text[faulty.rows].select(names)

    def _keys_of(self, text: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
        """`key` as delivered and `key_original` of the faulty rows."""
        dataset, rows = self._laying.dataset, self._faulty.rows
        right, written = facts[rows], text[rows]
        moved = [
            where_changed(right[part].cast(pl.String), written[part], self._wrong[part])
            for part in key_parts(dataset)
            if part in right.columns and right.schema[part] == pl.String
        ]
        return pl.DataFrame(
            {
                "key": key_texts(right.with_columns(moved), dataset),
                "key_original": key_texts(right, dataset),
            }
        )

    def on(self, day: int) -> Laid:
        """What is written on a day."""
        increment = day > 1 and self._laying.dataset.mode == "increment"
        text = self._changed(day)
        standing = self._faulty.stands(day)
        present = self._present(day, increment)
        faulty = self._faulty.rows
        in_place = standing & self._in_place & present[faulty]
        text = replaced(text, faulty[in_place], self._wrong.filter(pl.Series(in_place)))
        if increment:
            text = text.with_columns(self._operations(day).alias(OPERATION))
        extra = self._extra(day, standing & present[faulty], increment)
        return self._assembled(text, present, standing, extra, day, increment)

    def _present(self, day: int, increment: bool) -> Bools:
        lives, faulty = self._lives, self._faulty
        if not increment:
            return (lives.arrives <= day) & (lives.leaves > day)
        present = (lives.arrives == day) | (lives.changes == day) | (lives.leaves == day)
        turned = (faulty.corrected == day) | (faulty.relapsed == day)
        present[faulty.rows[turned & (lives.leaves[faulty.rows] > day)]] = True
        return present

    def _changed(self, day: int) -> pl.DataFrame:
        """The right rows, with the changes up to the day."""
        text, change = self._right, declaration("days")["changes"].get(self._laying.dataset.ref)
        done = self._lives.changes <= day
        done[self._faulty.rows] = False
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
        deletion of a wrong key that its corrected row does not have any more."""
        words, faulty = declaration("days")["operations"], self._faulty
        second = self._inserted & standing
        frames = [self._wrong.filter(pl.Series(second))]
        behind, number = [faulty.rows[second]], [np.flatnonzero(second)]
        if increment:
            frames[0] = frames[0].with_columns(pl.lit(words["new"]).alias(OPERATION))
            other = self._keys["key"].ne_missing(self._keys["key_original"]).to_numpy()
            gone = (faulty.corrected == day) & other & self._keys["key"].is_not_null().to_numpy()
            deleted = self._wrong.filter(pl.Series(gone))
            frames.append(deleted.with_columns(pl.lit(words["deleted"]).alias(OPERATION)))
            behind.append(faulty.rows[gone])
            number.append(np.full(int(gone.sum()), -1))
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
            order = np.concatenate([rows * 2, extra["_behind"].to_numpy() * 2 + 1])
            places = np.argsort(order, kind="stable")
            kept = pl.concat([kept, extra.drop("_behind", "_faulty")])[places]
            numbers = np.concatenate([numbers, extra["_faulty"].to_numpy()])[places]
        at = np.flatnonzero(numbers >= 0)
        labels = self._labels(at, numbers[at], day, increment)
        broken = [
            (int(place), str(self._how[number]))
            for place, number in zip(at.tolist(), numbers[at].tolist(), strict=True)
            if self._how[number] in BROKEN
        ]
        return Laid(kept, broken, labels)

    def _labels(self, at: Ints, number: Ints, day: int, increment: bool) -> pl.DataFrame:
        faulty = self._faulty
        before = (faulty.begins < day) & faulty.stands(day - 1)
        continues = before[number] if not increment else np.zeros(len(number), dtype=bool)
        values = pl.DataFrame(
            {
                "original": self._cells(self._originals, number),
                "delivered": self._cells(self._wrong, number),
            }
        )
        return pl.DataFrame(
            {
                "at": at,
                "target": faulty.target[number],
                "key": self._keys["key"].gather(number),
                "key_original": self._keys["key_original"].gather(number),
                "original": values["original"],
                "delivered": values["delivered"],
                "continues": continues,
                "corrected": faulty.corrected[number],
                "relapsed": faulty.relapsed[number],
            },
            schema=FOUND,
        )

    def _cells(self, frame: pl.DataFrame, number: Ints) -> pl.Series:
        """The damaged column's cell of each faulty row."""
        cells: list[str | None] = [None] * len(number)
        target = self._faulty.target[number]
        for place in np.unique(target).tolist():
            column = self._laying.targets[place].column
            mine = np.flatnonzero(target == place)
            for index, value in zip(
                mine.tolist(), frame[column].gather(number[mine]).to_list(), strict=True
            ):
                cells[index] = value
        return pl.Series(cells, dtype=pl.String)


def where_changed(right: pl.Series, before: pl.Series, after: pl.Series) -> pl.Series:
    """The standard value, or what is written instead where that was damaged."""
    return right.zip_with(before.eq_missing(after), after).alias(right.name)


def replaced(text: pl.DataFrame, rows: Ints, new: pl.DataFrame) -> pl.DataFrame:
    """The text with these rows replaced, column by column where they differ."""
    if not len(rows):
        return text
    old = text[rows]
    return text.with_columns(
        text[name].scatter(rows, new[name])
        for name in _differing(old, new)
    )


def _differing(old: pl.DataFrame, new: pl.DataFrame) -> Iterator[str]:
    for name in old.columns:
        if old[name].ne_missing(new[name]).any():
            yield name
