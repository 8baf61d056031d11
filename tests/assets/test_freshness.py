"""What is made again when a definition changes: just what that file takes part in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from assets import freshness
from assets.freshness import BETWEEN, DEFINED_BY, ENTITY, PRODUCTS, REPORTS, SCORES, WAREHOUSE
from assets.soundness import judged

TOLD = {REPORTS, WAREHOUSE}
TAKES_PART: dict[str, set[str]] = {
    "assets/base/legal_person/entity.sql": {ENTITY, WAREHOUSE},
    "assets/base/legal_person/entity_source.sql": {ENTITY, WAREHOUSE},
    "assets/published/sql/scorecard.sql": {WAREHOUSE},
    "assets/published/quality.py": {WAREHOUSE},
    "quality/between/evaluate.py": {BETWEEN, SCORES, *TOLD},
    "quality/between/rules.yaml": {SCORES, *TOLD},
    "quality/deliveries/thresholds.yaml": {SCORES, *TOLD},
    "quality/ledger/sql/between.sql": {BETWEEN, SCORES, *TOLD},
    "quality/ledger/wording.py": {BETWEEN, SCORES, *TOLD},
    "quality/profiles/withheld.py": {WAREHOUSE},
    "quality/reports/digest.py": {REPORTS},
    "quality/reports/sql/defects.sql": {REPORTS},
    "quality/reports/texts.py": {REPORTS},
    "quality/rule_coverage.py": {WAREHOUSE},
    "quality/rules/derive.py": {SCORES, *TOLD},
    "quality/scores/cards.py": {SCORES, *TOLD},
    "quality/scores/scores.yaml": {SCORES, *TOLD},
    "quality/standards/air_quality_breakpoints.csv": {SCORES, *TOLD},
    "quality/tickets.sql": TOLD,
    "warehouse/macros/masking.sql": set(PRODUCTS),
    "warehouse/publish/datasets.py": {WAREHOUSE},
    "warehouse/publish/masking.py": TOLD,
    # Judging a delivery, demonstration and running take part in no product.
    "quality/expectations/suite.py": set(),
    "assets/intake/settle.py": set(),
    "quality/onboarding/draft.py": set(),
}
"""File → products that are stale when it changes alone."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the definitions, which freshness looks at in place of the real ones."""
    real = freshness._ROOT
    root = tmp_path / "repository"
    for folder in ("assets", "quality", "warehouse"):
        shutil.copytree(real / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(freshness, "_ROOT", root)
    return root


def all_made(statistics: Any) -> None:
    for product in PRODUCTS:
        freshness.made(statistics.house, product)
    assert freshness.stale(statistics.house) == []


@pytest.mark.parametrize("file", TAKES_PART)
def test_a_changed_file_makes_stale_just_what_it_takes_part_in(
    statistics: Any, repository: Path, file: str
) -> None:
    all_made(statistics)
    with (repository / file).open("a", encoding="utf-8") as definition:
        definition.write("\n")
    assert set(freshness.stale(statistics.house)) == TAKES_PART[file]


def test_a_file_that_is_added_or_taken_away_counts_too(statistics: Any, repository: Path) -> None:
    all_made(statistics)
    added = repository / "assets/published/sql/more.sql"
    added.write_text("")
    assert freshness.stale(statistics.house) == [WAREHOUSE]
    added.unlink()
    assert freshness.stale(statistics.house) == []
    shutil.move(repository / "quality/reports/sql/defects.sql", repository)
    assert freshness.stale(statistics.house) == [REPORTS]


def test_what_python_leaves_behind_counts_as_nothing(statistics: Any, repository: Path) -> None:
    all_made(statistics)
    left = repository / "quality/reports/__pycache__/texts.cpython-311.pyc"
    left.parent.mkdir()
    left.write_bytes(b"")
    assert freshness.stale(statistics.house) == []


def test_every_pattern_of_a_product_names_something() -> None:
    root = freshness._ROOT
    patterns = {pattern for of_product in DEFINED_BY.values() for pattern in of_product}
    assert [pattern for pattern in sorted(patterns) if not any(root.glob(pattern))] == []


def test_every_folder_of_sql_takes_part_in_some_product() -> None:
    """A new folder of models is named in DEFINED_BY, or a change of them would go unseen."""
    hashed = {path for product in PRODUCTS for path in freshness.definitions(product)}
    unseen = {
        path.relative_to(freshness._ROOT)
        for layer in ("assets", "quality", "warehouse")
        for kind in ("*.sql", "*.yaml")
        for path in (freshness._ROOT / layer).rglob(kind)
        if path not in hashed
    }
    assert unseen == {Path("assets/profiles.sql")}  # shown beside the tables, part of no product


def test_a_base_table_that_did_not_pass_is_stale_with_what_is_published_of_it(
    statistics: Any,
) -> None:
    house = statistics.house
    house.lake.ensure(ENTITY, house.schemas["standard/statistics/regional_gdp"])
    judged(house, ENTITY, passed=True)
    all_made(statistics)
    judged(house, ENTITY, passed=False)
    assert freshness.stale(house) == [ENTITY, WAREHOUSE]
