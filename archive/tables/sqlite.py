"""SQLite: articles, their versions, runs and removals in one file, with a full-text index.

    SELECT title FROM newest WHERE source = 'ایرنا';
    SELECT v.id, v.title FROM versions_fts f JOIN versions v ON v.row_id = f.rowid
     WHERE versions_fts MATCH 'قنات' ORDER BY rank;

`datasette FILE.db -m FILE.metadata.json` shows it in a browser.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.errors import Damaged, UsageError
from archive.files.replaced_file import not_written, replaced
from archive.folder import SiteFolder
from archive.layout import run_of
from archive.tables.column import Column, ColumnType, Table
from archive.tables.datasette import metadata
from archive.tables.ledger_tables import REMOVALS, RUNS, tables, versions
from archive.tables.line_columns import line_columns, row_of
from archive.tables.word_forms import word_forms
from archive.text.fold import well_formed

# All but the rows of `versions_fts`, which has no text of its own: it is in `versions`.
_SEARCH = """
CREATE VIRTUAL TABLE versions_fts USING fts5 (
    title, text, spellings, content = '', tokenize = 'unicode61 remove_diacritics 2'
);
"""
_AFTER = """
INSERT INTO articles (id, site, post_type, post_id, versions, newest, first_fetched)
    SELECT id, site, post_type, post_id, count(*), max(version), min(fetched)
    FROM versions GROUP BY id ORDER BY min(row_id);
UPDATE versions SET run = NULL WHERE NOT EXISTS (
    SELECT 1 FROM runs WHERE runs.site = versions.site AND runs.run = versions.run
);
UPDATE removals SET article = id WHERE id IN (SELECT id FROM articles);
CREATE INDEX versions_published ON versions (published);
CREATE INDEX versions_site ON versions (site, run);
CREATE INDEX removals_article ON removals (article);
CREATE VIEW newest AS
    SELECT versions.* FROM versions JOIN articles
    ON articles.id = versions.id AND articles.newest = versions.version;
CREATE VIEW removed AS
    SELECT removals.*, newest.title, newest.published, newest.text
    FROM removals LEFT JOIN newest ON newest.id = removals.article
    WHERE removals.returned IS NULL;
"""


def metadata_path(path: Path) -> Path:
    """Where the metadata of the file at `path` is written: `news.db` → `news.metadata.json`."""
    return path.with_name(f"{path.stem}.metadata.json")


def write_sqlite(
    path: Path, lines: Iterable[Mapping[str, Any]], sites: list[SiteFolder], title: str
) -> None:
    """Write `lines`, and the runs and removals of `sites`, to `path`, and beside it the metadata
    for Datasette; old files there are replaced at the end.

    FolderError if they cannot be written; UsageError if both would have the same name.
    """
    told = metadata_path(path)
    if told == path:
        raise UsageError(f"{path} is the name of the metadata. Name the database like news.db.")
    with replaced(path) as part, replaced(told) as beside:
        beside.write_text(json.dumps(metadata(path.stem, title), ensure_ascii=False, indent=1))
        # SQLite would say less well why a file cannot be made.
        part.touch(exist_ok=False)
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as database:
                _write(database, lines, sites)
        except sqlite3.IntegrityError as error:
            raise Damaged(
                f"cannot write {path}: a line lacks what every line has ({error}). The archive is"
                " as it was, and nothing was written. See which with: baygan check"
            ) from None
        except sqlite3.DatabaseError as error:
            if not _of_the_disk(error):
                raise
            raise not_written(path, str(error)) from None


def _write(
    database: sqlite3.Connection, lines: Iterable[Mapping[str, Any]], sites: list[SiteFolder]
) -> None:
    # The file is thrown away if it does not become complete, so it needs no journal.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    # Rows come before those that they refer to; all are checked at the end.
    database.execute("PRAGMA foreign_keys = OFF")
    database.execute("BEGIN")
    for table in tables():
        database.execute(_create(table))
    database.execute(_SEARCH)
    _insert(database, RUNS, (row for site in sites for row in site.runs()))
    _insert(database, REMOVALS, _removals(sites))
    _insert_versions(database, lines)
    for statement in _AFTER.split(";\n"):
        database.execute(statement)
    database.execute("INSERT INTO versions_fts (versions_fts) VALUES ('optimize')")
    assert not database.execute("PRAGMA foreign_key_check").fetchall()
    database.execute("COMMIT")
    database.execute("ANALYZE")


def _insert_versions(database: sqlite3.Connection, lines: Iterable[Mapping[str, Any]]) -> None:
    table, columns = versions(), line_columns()
    insert = _insertion(table)
    search = "INSERT INTO versions_fts (rowid, title, text, spellings) VALUES (?, ?, ?, ?)"
    for line in lines:
        row = row_of(line, columns)
        row["run"] = run_of(row["warc_file"] or "").rpartition("-")[2]
        number = database.execute(insert, _values(table, row)).lastrowid
        title, text = well_formed(row["title"] or ""), well_formed(row["text"])
        database.execute(search, (number, title, text, word_forms(f"{title}\n{text}")))


def _removals(sites: list[SiteFolder]) -> Iterator[dict[str, Any]]:
    for site in sites:
        for removal in site.removals_ledger.entries().values():
            yield {**removal.to_object(), "site": site.site.name, "article": None}


def _insert(database: sqlite3.Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    database.executemany(_insertion(table), (_values(table, row) for row in rows))


def _insertion(table: Table) -> str:
    # A run that was told of twice, or a line that stands twice, is one row.
    places = ", ".join("?" for _ in table.columns)
    return f"INSERT OR REPLACE INTO {table.name} ({', '.join(table.names)}) VALUES ({places})"


def _values(table: Table, row: Mapping[str, Any]) -> list[Any]:
    return [_value(column, row.get(column.name)) for column in table.columns]


def _value(column: Column, value: Any) -> Any:
    """`value` as SQLite keeps it: lists and objects as JSON, no list as an empty one."""
    if column.type is ColumnType.TEXTS:
        return well_formed(json.dumps(value or [], ensure_ascii=False))
    if isinstance(value, dict | list):
        return well_formed(json.dumps(value, ensure_ascii=False))
    return well_formed(value) if isinstance(value, str) else value


def _create(table: Table) -> str:
    """The statement that makes the table. In `versions` each row has a number, `row_id`, by which
    the full-text index knows it."""
    parts = ["row_id INTEGER PRIMARY KEY"] if table is versions() else []
    for column in table.columns:
        type_ = "INTEGER" if column.type is ColumnType.INTEGER else "TEXT"
        parts.append(f"{column.name} {type_}{'' if column.null else ' NOT NULL'}")
    key = ", ".join(table.key)
    parts.append(f"UNIQUE ({key})" if table is versions() else f"PRIMARY KEY ({key})")
    for reference in table.references:
        ours, theirs = ", ".join(reference.columns), ", ".join(reference.to)
        parts.append(f"FOREIGN KEY ({ours}) REFERENCES {reference.table} ({theirs})")
    inside = ",\n    ".join(parts)
    return f"CREATE TABLE {table.name} (\n    {inside}\n) STRICT"


def _of_the_disk(error: sqlite3.Error) -> bool:
    """Whether the disk refused: full, or an error of it."""
    # The low byte is the kind of the error; the others say more.
    code = error.sqlite_errorcode & 0xFF
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
