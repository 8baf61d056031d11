"""What is wrong with a catalogue, as data.

Belongs here: the finding and the error that carries them. Finding them stands in `catalog.parse`
and `catalog.checks`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNDECIDED = "待定"
"""What stands where a person has yet to decide; the check reports it until it is gone."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a catalogue entry.

    `file` is relative to the catalogue's folder; `field` is the path inside it, such as
    `columns[3].element`; `found` and `expected` are Chinese; `article` is the article of
    《淄博市公共数据管理办法》 that asks for it, where one does.
    """

    file: str
    field: str
    found: str
    expected: str
    article: int | None = None

    @property
    def agency(self) -> str | None:
        """Id of the agency that can cure it, where the file is an agency's or its dataset's; the
        rest is the bureau's."""
        folder, _, rest = self.file.partition("/")
        if folder not in ("agencies", "datasets"):
            return None
        return rest.partition("/")[0].removesuffix(".yaml")

    def __str__(self) -> str:
        place = f"{self.file}: {self.field}" if self.field else self.file
        basis = f"（《淄博市公共数据管理办法》第{self.article}条）" if self.article else ""
        return f"{place}: {self.found}；应为：{self.expected}{basis}"


class CatalogError(ValueError):
    """The catalogue can't be used; `findings` holds every fault, not the first alone."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(findings, key=_place))
        lines = "\n".join(f"  {finding}" for finding in self.findings)
        super().__init__(f"目录有 {len(self.findings)} 处问题：\n{lines}")


@dataclass(frozen=True, slots=True)
class Sources:
    """Where entries were read from, and which could not be read.

    `places`: (kind, id) → (file, path in it) for entries that share a file. `broken`: files of
    single entries, `<kind>:<id>` of list items, or `<kind>` where a whole list is unreadable;
    references to those are not findings of their own.
    """

    places: dict[tuple[str, str], tuple[str, str]]
    broken: set[str]

    def place(self, kind: str, name: str) -> tuple[str, str]:
        """File and path of a list item."""
        return self.places[kind, name]

    def is_broken(self, kind: str, name: str) -> bool:
        """Whether an entry that is missing was declared, though unreadably."""
        files = {"agency": f"agencies/{name}.yaml", "dataset": f"datasets/{name}.yaml"}
        return not self.broken.isdisjoint({kind, f"{kind}:{name}", files.get(kind, kind)})


def _place(finding: Finding) -> tuple[str, str, str, str]:
    return finding.file, finding.field, finding.found, finding.expected
