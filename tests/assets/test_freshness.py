"""What is made again when a definition changes: just what that file takes part in."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from assets import freshness
from assets.derived_tables import derived_tables
from assets.freshness import (
    BETWEEN,
    DEFINED_BY,
    LINKS,
    REPORTS,
    SCORES,
    SOURCES,
    WAREHOUSE,
    products,
)
from assets.lakehouse import Lakehouse
from assets.soundness import judged
from catalog.load import load_catalog
from tests.assets.conftest import MORNING
from tests.this_catalog import this_catalog
from warehouse.home import Clock

ENTITY = "base/legal_person/entity"
TOLD = {REPORTS, WAREHOUSE}
JUDGED = {SCORES, SOURCES}
LINKED = {
    table.lake_name
    for table in this_catalog().base.values()
    if any(each.linked for each in table.contributors)
}
"""Base tables that links take part in."""
TAKES_PART: dict[str, set[str]] = {
    "assets/base/derived/geospatial/division.yaml": {WAREHOUSE},
    "assets/base/unfold.py": {SOURCES, *TOLD},
    "assets/published/sql/scorecard.sql": {WAREHOUSE},
    "assets/published/quality.py": {WAREHOUSE},
    "quality/between/evaluate.py": {BETWEEN, *JUDGED, *TOLD},
    "quality/between/rules.yaml": {*JUDGED, *TOLD},
    "quality/deliveries/thresholds.yaml": {*JUDGED, *TOLD},
    "quality/ledger/sql/between.sql": {BETWEEN, *JUDGED, *TOLD},
    "quality/ledger/wording.py": {BETWEEN, *JUDGED, *TOLD},
    "quality/linking/steps.py": {LINKS, *LINKED, BETWEEN, *JUDGED, *TOLD},
    "quality/profiles/withheld.py": {WAREHOUSE},
    "quality/reports/digest.py": {REPORTS},
    "quality/reports/sql/defects.sql": {REPORTS},
    "quality/reports/texts.py": {REPORTS},
    "quality/rule_coverage.py": {WAREHOUSE},
    "quality/rules/derive.py": {*JUDGED, *TOLD},
    "quality/scores/cards.py": {*JUDGED, *TOLD},
    "quality/scores/scores.yaml": {*JUDGED, *TOLD},
    "quality/sources/__init__.py": {SOURCES, WAREHOUSE},
    "quality/standards/air_quality_breakpoints.csv": {*JUDGED, *TOLD},
    "quality/tickets.sql": TOLD,
    "warehouse/macros/masking.sql": {LINKS, *LINKED, BETWEEN, *JUDGED, *TOLD},
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
    for product in products(statistics.house.catalog):
        freshness.made(statistics.house, product)
    assert freshness.stale(statistics.house) == []


def test_a_changed_file_makes_stale_just_what_it_takes_part_in(
    statistics: Any, repository: Path
) -> None:
    all_made(statistics)
    found = {}
    derived = {table.lake_name for table in derived_tables()}
    for file in TAKES_PART:
        definition = repository / file
        before = definition.read_bytes()
        definition.write_bytes(before + b"\n")
        # What is derived from a base table is made again with it.
        found[file] = set(freshness.stale(statistics.house)) - derived
        definition.write_bytes(before)
    assert found == TAKES_PART


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
    hashed = {path for product in DEFINED_BY for path in freshness.definitions(product)}
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
    computed = [table.lake_name for table in derived_tables() if ENTITY in table.reads]
    assert freshness.stale(house) == [ENTITY, *computed, SOURCES, REPORTS, WAREHOUSE]


def test_a_delivery_of_readings_touches_of_people_what_reads_the_delivery_log_alone() -> None:
    catalog = this_catalog()
    touched = freshness.touched(catalog, ["ecology/air_hourly"])
    assert not touched & {LINKS, *(table.lake_name for table in catalog.base.values())}
    logged = {t.lake_name for t in derived_tables() if "quality/delivery_events" in t.reads}
    assert "base/population/count" in logged
    assert touched == {*logged, BETWEEN, *JUDGED, *TOLD}


def test_a_delivery_of_registered_firms_touches_links_entities_and_what_is_derived_of_them() -> (
    None
):
    touched = freshness.touched(this_catalog(), ["market_supervision/business_entities"])
    derived = {table.lake_name for table in derived_tables() if ENTITY in table.reads}
    assert "base/license/certificate_state" in derived
    assert {LINKS, *LINKED, *derived, BETWEEN, *JUDGED, *TOLD} <= touched
    assert not touched & {"base/population/person", "base/license/type"}


def test_no_deliveries_touch_nothing() -> None:
    assert freshness.touched(this_catalog(), []) == set()


def test_how_far_a_boundary_is_in_doubt_is_part_of_what_is_computed_of_it(
    statistics: Any, repository: Path
) -> None:
    all_made(statistics)
    file = repository / "quality/between/reference.py"
    before = file.read_text()
    file.write_text(before.replace("DOUBT: Final = 2_000.0", "DOUBT: Final = 1_000.0"))
    assert file.read_text() != before
    stale = freshness.stale(statistics.house)
    assert "base/geospatial/located" in stale
    assert "base/population/count" not in stale


def test_what_is_computed_of_the_boundaries_is_stale_when_they_change(
    statistics: Any, tmp_path: Path
) -> None:
    root = tmp_path / "catalogue"
    shutil.copytree(statistics.house.catalog.root, root)
    statistics.house = Lakehouse.open(statistics.home, Clock(MORNING), load_catalog(root))
    all_made(statistics)
    (root / "geography/more.geojson").write_text('{"features": []}')
    reading = [table for table in derived_tables() if "catalog/geography" in table.reads]
    assert reading
    assert {table.lake_name for table in reading} <= set(freshness.stale(statistics.house))
