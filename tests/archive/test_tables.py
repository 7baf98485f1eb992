"""Typed tables: every value is that of the line, whoever reads the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from archive.errors import Damaged
from archive.folder import SiteFolder
from archive.jsonl.article_line import ArticleLine
from archive.tables.column import ColumnType
from archive.tables.ledger_tables import tables
from archive.tables.line_columns import complete, line_columns, row_of
from archive.tables.parquet import write_parquet
from archive.tables.sqlite import metadata_path, write_sqlite
from archive.tables.word_forms import word_forms
from archive.text.fold import well_formed
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange
from tests.archive.odd_lines import odd_lines, values

LINES = list(odd_lines())
INSTANTS = [column.name for column in line_columns() if column.type is ColumnType.INSTANT]


def test_every_key_of_a_line_is_a_column_with_a_sentence() -> None:
    [line] = [line for line in LINES if line["image"] and "further" in line["warc"]][:1]
    assert {column.path for column in line_columns()} == set(leaves(line))
    for column in (*line_columns(), *(column for table in tables() for column in table.columns)):
        assert column.what.endswith("."), column.name


def leaves(value: dict[str, Any] | ArticleLine, path: tuple[str, ...] = ()) -> Iterator[Any]:
    for key, inner in value.items():
        yield from leaves(inner, (*path, key)) if isinstance(inner, dict) else [(*path, key)]


def test_parquet_has_every_value_with_its_type(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    write_parquet(path, LINES, line_columns())
    found = of_parquet(path)
    for row in found:
        for name in INSTANTS:
            row[name] = row[name] and f"{row[name].replace(tzinfo=None).isoformat()}Z"
    assert values(found) == values([row_of(line, line_columns()) for line in LINES])


def of_parquet(path: Path) -> list[dict[str, Any]]:
    """Its rows; an instant is a `datetime` in UTC."""
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        result = database.execute("FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def test_a_parquet_of_nothing_has_the_same_schema(tmp_path: Path) -> None:
    schemas = []
    for name, lines in (("none", []), ("plain", LINES[:3]), ("all", LINES)):
        write_parquet(tmp_path / name, lines, line_columns())
        with duckdb.connect() as database:
            told = database.execute("DESCRIBE FROM read_parquet(?)", [str(tmp_path / name)])
            schemas.append({row[0]: row[1] for row in told.fetchall()})
    assert schemas[0] == schemas[1] == schemas[2]
    assert set(schemas[0].values()) == {
        "VARCHAR",
        "BIGINT",
        "TIMESTAMP WITH TIME ZONE",
        "VARCHAR[]",
    }


def test_parquet_says_in_words_what_its_columns_are(tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    write_parquet(path, LINES[:3], line_columns())
    with duckdb.connect() as database:
        told = database.execute(
            "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'columns'",
            [str(path)],
        ).fetchall()
    assert json.loads(told[0][0]) == {column.name: column.what for column in line_columns()}


def test_an_error_among_the_lines_leaves_no_parquet(tmp_path: Path) -> None:
    def broken() -> Iterator[ArticleLine]:
        yield from LINES
        raise KeyError("the end")

    with pytest.raises(KeyError, match="the end"):
        write_parquet(tmp_path / "news.parquet", broken(), line_columns())
    assert not list(tmp_path.iterdir())


def test_a_value_of_the_wrong_type_is_never_made_another(tmp_path: Path) -> None:
    wrong: list[Any] = [*LINES, {**LINES[0], "post_id": "twelve"}]
    with pytest.raises(duckdb.InvalidInputException, match="twelve"):
        write_parquet(tmp_path / "news.parquet", wrong, line_columns())
    assert not list(tmp_path.iterdir())


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """Posts 1 to 3; 2 has two versions."""
    site = archived(tmp_path / "archive", 1, 2, 3)
    with SiteWriter(site) as writer:
        capture = writer.capture(exchange(2, b"<p>another</p>"))
        writer.keep(address(2), article(2, "كتاب‌هاي تازه در سال ۱۴۰۵ می‌رسند."), capture)
    return site


def test_sqlite_has_every_value(tmp_path: Path, site: SiteFolder) -> None:
    path = tmp_path / "news.db"
    write_sqlite(path, LINES, [site], "خبر")
    columns = line_columns()
    lists = [column.name for column in columns if column.type is ColumnType.TEXTS]
    with opened(path) as database:
        found = [dict(row) for row in database.execute("SELECT * FROM versions ORDER BY row_id")]
    for row in found:
        del row["row_id"], row["run"]
        row |= {name: json.loads(row[name]) for name in lists}
    assert values(found) == values([row_of(line, columns) for line in LINES])


def opened(path: Path) -> closing[sqlite3.Connection]:
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    return closing(database)


def test_sqlite_s_tables_belong_together(tmp_path: Path, site: SiteFolder) -> None:
    path = tmp_path / "news.db"
    write_sqlite(path, site.articles(versions="all"), [site], "خبر")
    with opened(path) as database:
        database.execute("PRAGMA foreign_keys = ON")
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        rows = database.execute("SELECT id, versions, newest FROM articles ORDER BY id").fetchall()
        assert [tuple(row)[1:] for row in rows] == [(1, 1), (2, 2), (1, 1)]
        newest = database.execute("SELECT id, version FROM newest ORDER BY id").fetchall()
        lines = sorted(site.articles(), key=lambda line: line["id"])
        assert [tuple(row) for row in newest] == [(line["id"], line["version"]) for line in lines]
        joined = database.execute(
            "SELECT count(*) FROM versions JOIN runs USING (site, run) WHERE started <= fetched"
        )
        assert joined.fetchone()[0] == 4
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("DELETE FROM articles WHERE id = 'khabar/post/2'")
        runs = database.execute("SELECT run, new FROM runs ORDER BY rowid").fetchall()
    assert [tuple(row) for row in runs] == [(run["run"], run["new"]) for run in site.runs()]


def test_a_run_that_has_no_line_is_no_run_of_a_version(tmp_path: Path, site: SiteFolder) -> None:
    site.runs_path.unlink()
    write_sqlite(tmp_path / "news.db", site.articles(), [site], "")
    with opened(tmp_path / "news.db") as database:
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        assert {row["run"] for row in database.execute("SELECT run FROM versions")} == {None}


SEARCHES = {
    "کتاب": True,  # the text has an Arabic kaf
    "کتابهای": True,
    "کتاب‌های": True,
    "كتاب‌هاي": True,
    '"كتاب هاي تازه"': True,  # a phrase, as the text spells it
    '"کتابهای تازه"': False,
    "1405": True,
    "۱۴۰۵": True,
    "می‌رسند": True,
    "میرسند": True,
    "می رسند": True,
    "دفتر": False,
}


@pytest.mark.parametrize("words", SEARCHES)
def test_sqlite_s_full_text_index_knows_other_spellings(
    tmp_path: Path, site: SiteFolder, words: str
) -> None:
    write_sqlite(tmp_path / "news.db", site.articles(versions="all"), [site], "")
    with opened(tmp_path / "news.db") as database:
        found = database.execute(
            "SELECT v.id, v.version FROM versions_fts f JOIN versions v ON v.row_id = f.rowid"
            " WHERE versions_fts MATCH ?",
            (words,),
        ).fetchall()
    assert [tuple(row) for row in found] == [("khabar/post/2", 2)] * SEARCHES[words]


def test_word_forms_are_those_that_the_text_does_not_have() -> None:
    assert word_forms("مي‌گويند ۱۴۰۵") == "میگویند می گویند 1405"
    assert word_forms("کتاب Book کتاب") == ""


def test_a_line_without_a_text_is_damage(tmp_path: Path, site: SiteFolder) -> None:
    """JSON it is, and so it is read; `check` would tell of it."""
    for key in ("text", "warc", "id"):
        lines = ({k: v for k, v in line.items() if k != key} for line in LINES[-2:])
        with pytest.raises(Damaged, match="See which with: baygan check"):
            write_sqlite(tmp_path / "news.db", lines, [site], "")
        assert not list(tmp_path.glob("news*"))


def test_the_metadata_names_every_column(tmp_path: Path, site: SiteFolder) -> None:
    path = tmp_path / "news.db"
    write_sqlite(path, site.articles(), [site], "خبر نمونه")
    told = json.loads(metadata_path(path).read_text())
    assert told["title"] == "خبر نمونه"
    of_tables = told["databases"]["news"]["tables"]
    with opened(path) as database:
        for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
        ):
            name = row["name"]
            if name.startswith(("sqlite_", "versions_fts")):
                continue
            columns = [column["name"] for column in database.execute(f"PRAGMA table_info({name})")]
            assert set(of_tables[name]["columns"]) == set(columns), name
            assert of_tables[name]["description"]


def test_json_lines_have_all_keys_in_all_lines() -> None:
    for whole, line in zip(map(complete, LINES), LINES, strict=True):
        assert set(whole) == set(line)
        assert set(whole["warc"]) == {*LINES[0]["warc"], "further"}
        assert set(whole["extractor"]) == {"baygan", "rules", "trafilatura", "layout"}
        assert without_empty(whole) == without_empty(dict(line))
    old: dict[str, Any] = {"id": "khabar/post/1", "extractor": {"baygan": "0.1.0", "more": "x"}}
    assert complete(old)["authors"] == [] and complete(old)["end_marker"] is None
    assert complete(old)["extractor"]["more"] == "x"


def without_empty(value: Any) -> Any:
    """Objects without what is null or an empty list."""
    if not isinstance(value, dict):
        return value
    inner = {key: without_empty(one) for key, one in value.items()}
    return {key: one for key, one in inner.items() if one not in (None, [])}


def test_lone_surrogates_are_replaced_as_on_the_disk(tmp_path: Path, site: SiteFolder) -> None:
    odd: ArticleLine = {**LINES[0], "title": "a\ud800b", "tags": ["\udfff"]}
    write_parquet(tmp_path / "news.parquet", [odd], line_columns())
    [row] = of_parquet(tmp_path / "news.parquet")
    write_sqlite(tmp_path / "news.db", [odd], [site], "")
    with opened(tmp_path / "news.db") as database:
        [other] = database.execute("SELECT title, tags FROM versions").fetchall()
    assert row["title"] == other["title"] == well_formed("a\ud800b")
    assert row["tags"] == json.loads(other["tags"]) == ["\ufffd"]
    assert row["fetched"] == datetime(2026, 11, 22, 0, 30, 4, tzinfo=UTC)
