"""A draft of a dataset's YAML from a sample of its data.

Belongs here: what the draft says, and which decisions it leaves to a person. Such a place says
待定, and `lakehouse catalog check` reports it until it is filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from catalog.entries import Catalog
from catalog.findings import UNDECIDED
from catalog.models.attributes import LegalBasis, OpeningType, SharingType, UpdateCycle
from catalog.models.elements import ElementType
from quality.onboarding.infer import Guess, infer

_KEYED = {"id_no": "person", "document_no": "person", "uscc": "legal_person"}
_GROUNDS = {
    "header": "表头与目录中的列相同，样本 {filled} 个值中 {fit:.0%} 合格",
    "values": "样本 {filled} 个值中 {fit:.0%} 合格",
    "code_table": "样本的值都在其代码表中",
    "decided": "已指定",
}

_RULES = {
    ElementType.TEXT: f"pattern: {UNDECIDED}：正则表达式",
    ElementType.INTEGER: f"minimum: {UNDECIDED}：取值范围",
    ElementType.DECIMAL: f"minimum: {UNDECIDED}：取值范围",
}
"""Types of which nothing is asked beyond the type itself: what to state."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person has decided already; None and empty are left open in the draft."""

    name: str | None = None
    description: str | None = None
    key: tuple[str, ...] = ()
    """Headers or column ids."""
    columns: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)
    """Header → column id and, where it is decided too, element."""
    deliverers: tuple[str, ...] = ()
    mode: str = "snapshot"
    cycle: UpdateCycle | None = None
    sharing: SharingType | None = None
    opening: OpeningType | None = None
    grade: int | None = None
    category: tuple[str, str, str] | None = None
    usage: str | None = None
    database: str | None = None
    basis: tuple[LegalBasis, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Draft:
    """The two files of a draft, as text; `elements` is empty where the catalogue has them all."""

    dataset: str
    elements: str
    guesses: tuple[Guess, ...]


def draft_dataset(
    catalog: Catalog,
    ref: str,
    headers: Sequence[str],
    records: pl.DataFrame,
    file_format: str,
    decided: Decisions,
    as_of: date,
) -> Draft:
    """The draft of dataset `ref` from a sample's headers and records (columns `c0`, `c1`, …).

    Raises KeyError for a key or decided column that is no header of the sample, and for an element
    that the catalogue doesn't have.
    """
    unknown = set(decided.columns) - set(headers)
    if unknown:
        raise KeyError(f"the sample has no column {min(unknown)}; it has {', '.join(headers)}")
    guesses = [
        _decided(catalog, guess, decided) for guess in infer(catalog, headers, records, as_of)
    ]
    writer = _Writer(catalog, ref, guesses, records, file_format, decided)
    return Draft(
        "\n".join(writer.dataset()) + "\n",
        "\n".join(writer.elements()) + "\n" if any(g.element is None for g in guesses) else "",
        tuple(guesses),
    )


def _decided(catalog: Catalog, guess: Guess, decided: Decisions) -> Guess:
    """The guess with what a person decided about its column in place of it."""
    column_id, element = decided.columns.get(guess.header, (guess.column_id, None))
    if element is None:
        return replace(guess, column_id=column_id)
    if element not in catalog.elements:
        raise KeyError(f"the catalogue has no element {element}")
    kind = catalog.elements[element].type
    return replace(guess, column_id=column_id, element=element, type=kind, ground="decided")


@dataclass(frozen=True)
class _Writer:
    catalog: Catalog
    ref: str
    guesses: Sequence[Guess]
    records: pl.DataFrame
    file_format: str
    decided: Decisions

    def dataset(self) -> Iterator[str]:
        agency, _, name = self.ref.partition("/")
        decided = self.decided
        key = self._key()
        yield f"agency: {agency}"
        yield f"id: {name}"
        yield f"name: {_text(decided.name)}"
        yield f"description: {_text(decided.description)}"
        yield f"format: [{self.file_format}]"
        yield from self._category()
        yield from self._sharing()
        yield from self._opening()
        yield from _decision("security_grade", decided.grade, "1–4，不低于各列的级别")
        yield f"usage_requirements: {_text(decided.usage)}"
        yield from _decision("update_cycle", decided.cycle, "、".join(UpdateCycle))
        yield f"subject: {self._subject()}  # {UNDECIDED}：按样本猜测"
        yield f"key: [{', '.join(key)}]" + ("" if decided.key else f"  # {UNDECIDED}：按样本猜测")
        identifiers = [g.column_id for g in self.guesses if g.element in _KEYED]
        if identifiers:
            yield f"key_identifiers: [{', '.join(identifiers)}]"
        yield f"deliverers: [{', '.join(decided.deliverers or (agency,))}]"
        yield f"mode: {decided.mode}"
        yield from self._basis("legal_basis", 0)
        yield from self._repeated()
        yield f"reviewed: false  # {UNDECIDED}：经审核后改为 true，方予发布（第十条）"
        database = decided.database or "government_service"
        yield f"publication: {{database: {database}, table: {name}}}"
        yield "columns:"
        for guess in self.guesses:
            yield from self._column(guess, guess.column_id in key)

    def _category(self) -> Iterator[str]:
        if self.decided.category is None:
            yield f"category: {{class: {UNDECIDED}, item: {UNDECIDED}, subject: {UNDECIDED}}}"
        else:
            kind, item, subject = map(_quoted, self.decided.category)
            yield f"category: {{class: {kind}, item: {item}, subject: {subject}}}"

    def _sharing(self) -> Iterator[str]:
        sharing = self.decided.sharing
        if sharing is None:
            yield from _decision(
                "sharing", None, "类型，有条件的写明理由、条件和依据（第二十一条）"
            )
            return
        yield "sharing:"
        yield f"  type: {sharing}"
        if sharing is SharingType.CONDITIONAL:
            yield f'  reason: ""  # {UNDECIDED}：有条件共享的理由（第二十一条）'
            yield f'  conditions: ""  # {UNDECIDED}：申请条件（第二十一条）'
        if sharing is not SharingType.UNCONDITIONAL:
            yield from self._basis("basis", 2)

    def _opening(self) -> Iterator[str]:
        opening = self.decided.opening
        if opening is None:
            yield from _decision("opening", None, "类型，不予开放的写明依据（第二十八条）")
            return
        yield "opening:"
        yield f"  type: {opening}"
        if opening is OpeningType.CONDITIONAL:
            yield f'  conditions: ""  # {UNDECIDED}：开放条件（第二十八条）'
        if opening is OpeningType.NOT_OPEN:
            yield from self._basis("basis", 2)

    def _basis(self, name: str, indent: int) -> Iterator[str]:
        if not self.decided.basis:
            return
        yield f"{' ' * indent}{name}:"
        for basis in self.decided.basis:
            cited = f"title: {_quoted(basis.title)}, rank: {basis.rank}"
            yield f"{' ' * (indent + 2)}- {{{cited}, article: {_quoted(basis.article)}}}"

    def _repeated(self) -> Iterator[str]:
        """Columns that another agency could share: the law that demands them, or an open place."""
        agency = self.ref.partition("/")[0]
        again = [
            guess.column_id
            for guess in self.guesses
            if guess.element
            and not (element := self.catalog.elements[guess.element]).identifier
            and (source := element.standard_source)
            and source.dataset.partition("/")[0] != agency
        ]
        if not again:
            return
        yield "repeated_collection:"
        if self.decided.basis:
            yield f"  - columns: [{', '.join(again)}]"
            yield from self._basis("basis", 4)
        else:
            yield f"  # {UNDECIDED}：能通过共享获取的不再采集；法律、法规要求采集的写明依据"
            yield f"  - {{columns: [{', '.join(again)}], basis: []}}"

    def _subject(self) -> str:
        kinds = [_KEYED[g.element] for g in self.guesses if g.element in _KEYED]
        return kinds[0] if kinds else "object"

    def _key(self) -> list[str]:
        if not self.decided.key:
            return [self._unique()]
        known = {name: g.column_id for g in self.guesses for name in (g.header, g.column_id)}
        missing = [name for name in self.decided.key if name not in known]
        if missing:
            raise KeyError(f"the sample has no column {missing[0]}; it has {', '.join(known)}")
        return [known[name] for name in self.decided.key]

    def _unique(self) -> str:
        """The first column whose values are all there and all different, else the first."""
        for place, guess in enumerate(self.guesses):
            if guess.filled and self.records[f"c{place}"].n_unique() == self.records.height:
                return guess.column_id
        return self.guesses[0].column_id

    def _column(self, guess: Guess, in_key: bool) -> Iterator[str]:
        element = guess.element or self._new_element(guess)
        ground = _GROUNDS.get(guess.ground, f"{UNDECIDED}：新数据元，或改用已有的")
        yield f"  - id: {guess.column_id}"
        yield f"    name: {_quoted(guess.header)}"
        yield f"    element: {element}  # {ground.format(filled=guess.filled, fit=guess.fit)}"
        if in_key or guess.filled == self.records.height:
            yield "    required: true" + ("" if in_key else f"  # {UNDECIDED}：样本中都有值")

    def _new_element(self, guess: Guess) -> str:
        own = f"{self.ref.partition('/')[2]}_{guess.column_id}"
        return own[:60]

    def elements(self) -> Iterator[str]:
        yield f"# Data elements of {self.ref}."
        for guess in self.guesses:
            if guess.element is None:
                yield from self._element(guess)

    def _element(self, guess: Guess) -> Iterator[str]:
        values = self.records[f"c{self.guesses.index(guess)}"]
        yield ""
        yield f"- id: {self._new_element(guess)}"
        yield f"  name: {_quoted(guess.header)}"
        yield f"  definition: {UNDECIDED}"
        yield f"  type: {guess.type}"
        if guess.type is ElementType.DECIMAL:
            yield "  scale: 6"
        if guess.type is ElementType.TEXT:
            yield f"  max_length: {_rounded_up(values)}"
        if guess.type in _RULES:
            yield f"  # {_RULES[guess.type]}，或 unchecked: 不设规则的理由"
        yield f"  data_class: {UNDECIDED}"
        yield from (f"  {line}" for line in _decision("grade", None, "安全级别1–4（第八条）"))
        yield f"  example: {UNDECIDED}"
        yield f"  how_to_correct: {UNDECIDED}"
        yield "  source: each_dataset"


def _rounded_up(values: pl.Series) -> int:
    """Twice the longest text of the sample, at least 50, in steps of 50."""
    longest = values.str.len_chars().max()
    return max(50, -(-2 * (longest if isinstance(longest, int) else 0) // 50) * 50)


def _decision(name: str, value: object, choices: str) -> Iterator[str]:
    if value is None:
        yield f"# {name}: {UNDECIDED}：{choices}"
    else:
        yield f"{name}: {value}"


def _text(value: str | None) -> str:
    return _quoted(value) if value else UNDECIDED


def _quoted(text: str) -> str:
    """A YAML scalar that means this text, whatever signs it holds: JSON is YAML."""
    return json.dumps(text, ensure_ascii=False)
