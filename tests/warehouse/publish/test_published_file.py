"""The file that readers open, read as they read it."""

from __future__ import annotations

import stat
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from catalog.entries import Catalog
from warehouse.publish import (
    Publication,
    PublicationError,
    PublishedColumn,
    PublishedTable,
    PublishedView,
    publish,
    table_of_rows,
)
from warehouse.publish.catalog_schema import catalog_tables, lineage_table
from warehouse.publish.datasets import dataset_tables

NO_DEFECTS = "SELECT '' AS dataset, '' AS agency, '' AS key, '' AS \"column\" WHERE false"
NOON = datetime(2026, 3, 2, 12)
SECRETS = (
    "370303198702031234",
    "370303198702035555",
    "欧阳秘",
    "1987-02-03",
    "13805331234",
    "13905335678",
    "秘密路",
    "机密巷",
    "98765.43",
    "秘教",
)


COMPUTED = {
    ("population.persons", "sex"): [("town/persons", "sex"), ("town/persons", "id_no")],
    ("population.elsewhere", "sex"): [("town/persons", "name")],
}


def _publish(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, folder: Path, defects: str = NO_DEFECTS
) -> Publication:
    tables = [*dataset_tables(catalog, defects, date(2026, 10, 1)), *catalog_tables(catalog)]
    view = PublishedView(
        "population", "names", "姓名", (PublishedColumn("name", "姓名"),),
        "SELECT name FROM population.persons",
    )  # fmt: skip
    return publish(
        con, folder, [*tables, lineage_table([*tables, view], COMPUTED)], [view],
        built_at=NOON, catalog_version="abc",
    )  # fmt: skip


def _read(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)


@pytest.fixture
def folder(con: duckdb.DuckDBPyConnection, catalog: Catalog, tmp_path: Path) -> Path:
    """The `published` folder with a first version."""
    # Compressed text would hide a secret from a search of the file's bytes.
    con.execute("PRAGMA force_compression = 'uncompressed'")
    _publish(con, catalog, tmp_path / "published")
    return tmp_path / "published"


def test_a_plain_client_reads_the_masked_rows(folder: Path) -> None:
    with _read(folder) as reader:
        rows = reader.execute(
            "SELECT * EXCLUDE (_disputed) FROM population.persons ORDER BY _row"
        ).fetchall()
    assert rows == [
        (
            "3703**************", "欧**", "1987-02", "138********",
            "山东省淄博市张店区马尚街道***", "***", "***", "2", "女", 171, "town", "d000001", 1,
        ),
        (
            "3703**************", None, None, "***", "***", None, None, "7", None, 172,
            "town", "d000001", 2,
        ),
    ]  # fmt: skip


def test_no_masked_value_stands_anywhere_in_the_file(folder: Path) -> None:
    content = (folder / "warehouse.duckdb").read_bytes()
    assert "公开经营者".encode() in content  # so the search would find a value that is there
    assert [secret for secret in SECRETS if secret.encode() in content] == []


def test_a_dataset_not_reviewed_is_listed_but_its_rows_are_not_published(folder: Path) -> None:
    with _read(folder) as reader:
        listed = reader.execute(
            "SELECT published_as FROM catalog.datasets WHERE dataset = 'town/drafts'"
        ).fetchall()
        tables = reader.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'population'"
        ).fetchall()
    assert listed == [(None,)]
    assert sorted(tables) == [("persons",), ("shops",)]
    assert "未审核的店".encode() not in (folder / "warehouse.duckdb").read_bytes()


def test_every_table_view_and_column_has_a_chinese_comment(folder: Path) -> None:
    with _read(folder) as reader:
        comments = reader.execute(
            "SELECT comment FROM duckdb_columns() WHERE NOT internal"
            " UNION ALL SELECT comment FROM duckdb_tables() WHERE NOT internal"
            " UNION ALL SELECT comment FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    assert len(comments) > 80
    assert all(text and any(letter >= "\u4e00" for letter in text) for (text,) in comments)


def test_a_comment_says_unit_and_masking(folder: Path) -> None:
    with _read(folder) as reader:
        comments = dict(
            reader.execute(
                "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'persons'"
            ).fetchall()
        )
    assert comments["height"] == "height 中文：身高的定义。单位：厘米"
    assert comments["name"] == "name 中文：姓名的定义。安全级别 3 级，已脱敏"


def test_views_and_macros_work_under_whatever_name_the_file_is_attached(folder: Path) -> None:
    with duckdb.connect() as reader:
        reader.execute(f"ATTACH '{folder / 'warehouse.duckdb'}' AS anything (READ_ONLY)")
        reader.execute("USE anything")
        assert reader.execute("SELECT count(*) FROM population.names").fetchone() == (2,)
        assert reader.execute("SELECT mask_name('张三')").fetchone() == ("张**",)


def test_open_defects_mark_the_columns_of_their_row(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, tmp_path: Path
) -> None:
    con.execute(
        "CREATE TABLE wrong AS FROM (VALUES"
        " ('town/persons', 'town', '370303198702035555', 'sex'),"
        " ('town/persons', 'town', '370303198702035555', 'phone'),"
        " ('town/persons', 'town', '370303198702035555', ''),"
        " ('town/persons', 'other', '370303198702031234', 'sex'),"
        " ('town/shops', 'town', '370303198702031234', 'owner')"
        ') AS wrong(dataset, agency, key, "column")'
    )
    _publish(con, catalog, tmp_path, "FROM wrong")
    with _read(tmp_path) as reader:
        found = reader.execute("SELECT _row, _disputed FROM population.persons ORDER BY ALL")
        assert found.fetchall() == [(1, None), (2, ["phone", "sex"])]


def test_lineage_leads_from_a_published_column_to_the_catalogued_one(folder: Path) -> None:
    with _read(folder) as reader:
        found = reader.execute(
            "SELECT published_column, dataset, dataset_column, place FROM catalog.lineage"
            " WHERE published_table = 'population.persons' AND published_column LIKE 'sex%'"
            " ORDER BY ALL"
        ).fetchall()
    assert found == [
        ("sex", "town/persons", "id_no", None),
        ("sex", "town/persons", "sex", 1),
        ("sex_name", "town/persons", "sex", 1),
    ]


def test_the_file_says_which_version_it_is(folder: Path) -> None:
    with _read(folder) as reader:
        assert reader.execute("FROM catalog.about").fetchall() == [(1, NOON, "abc")]


def test_the_file_cannot_be_written(folder: Path) -> None:
    target = (folder / "warehouse.duckdb").resolve()
    assert target == folder / "versions" / "warehouse-1.duckdb"
    assert stat.S_IMODE(target.stat().st_mode) == 0o444


def test_a_table_of_no_rows_is_still_a_table(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    columns = {"n": ("INTEGER", "数"), "l": ("VARCHAR[]", "列表")}
    table = table_of_rows("quality", "empty", "空", columns, [])
    done = publish(con, tmp_path, [table], [], built_at=NOON, catalog_version="")
    assert done.tables["quality.empty"] == 0


def test_columns_that_differ_from_the_declared_ones_are_refused_and_leave_nothing(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    table = PublishedTable(
        "quality", "odd", "表", (PublishedColumn("a", "甲"),), "SELECT 1 AS a, 2 AS b"
    )
    with pytest.raises(PublicationError, match=r"quality\.odd: the query gives a, b"):
        publish(con, folder, [table], [], built_at=NOON, catalog_version="")
    assert [path.name for path in (folder / "versions").iterdir()] == ["warehouse-1.duckdb"]


def test_two_tables_of_one_name_are_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = table_of_rows("quality", "same", "表", {"n": ("INTEGER", "数")}, [(1,)])
    with pytest.raises(PublicationError, match=r"quality\.same is published twice"):
        publish(con, tmp_path, [table, table], [], built_at=NOON, catalog_version="")


def test_prose_is_stored_as_prose_and_read_as_it_was(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    facts = PublishedTable(
        "credit", "facts", "事实", (
            PublishedColumn("case_no", "案号"), PublishedColumn("facts", "事实", prose=True)
        ),
        "SELECT case_no, $word || repeat(md5(case_no::VARCHAR), 40) AS facts"
        " FROM range(5000) AS cases(case_no)",
        {"word": "经查"},
    )  # fmt: skip
    publication = publish(con, tmp_path, [facts], [], built_at=NOON, catalog_version="abc")
    assert publication.tables["credit.facts"] == 5000
    with _read(tmp_path) as reader:
        stored = reader.execute(
            "SELECT DISTINCT compression FROM pragma_storage_info('credit.facts')"
            " WHERE column_name = 'facts' AND segment_type = 'VARCHAR'"
        ).fetchall()
        same = reader.execute(
            "SELECT count(*) FROM credit.facts"
            " WHERE facts = '经查' || repeat(md5(case_no::VARCHAR), 40)"
        ).fetchone()
    assert stored == [("ZSTD",)]
    assert same == (5000,)
