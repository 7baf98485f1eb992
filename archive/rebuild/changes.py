"""What a rebuild changes: the new lines compared with the old ones, capture by capture.

>>> with Changes(site.lines, Path("scratch.db")) as changes:
...     for line in new_lines:
...         changes.compare(line)
...     changes.counts()
{'new': 0, 'changed': 3, 'gone': 1, 'same': 496}

An old and a new line are compared if they were made from the same capture: they differ if the
extractor now makes something else of the page. The versions of programs and rules in a line are
not compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Self, TypeGuard

from archive.database.database import Database
from archive.errors import Damaged
from archive.jsonl import json_lines
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines, LinePlace
from archive.layout import article_files

_SCHEMA = """
CREATE TABLE IF NOT EXISTS old (
    record_id TEXT PRIMARY KEY, id TEXT NOT NULL,
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    matched INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS old_id ON old (id);
CREATE TABLE IF NOT EXISTS new (id TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS differs (
    id TEXT, field TEXT, PRIMARY KEY (id, field)
) STRICT, WITHOUT ROWID;
"""
VERSIONS = "versions"
"""Stands among the names of fields for a version that was added or is gone."""
_NOT_COMPARED = {"extractor", "version"}


class Changes:
    """Compares the new lines of one site with the `old` ones, in a database at `path`.
    `unreadable` counts the old lines that cannot be read; they are left out."""

    def __init__(self, old: ArticleLines, path: Path) -> None:
        self._lines = old
        self._database = Database(path, _SCHEMA, write=True)
        self.unreadable = 0
        with self._database.transaction():
            for place, line in self._old():
                row = (line["warc"]["record_id"], line["id"], place.file, place.offset)
                self._database.run(
                    "INSERT OR REPLACE INTO old (record_id, id, file, offset, length)"
                    " VALUES (?, ?, ?, ?, ?)",
                    (*row, place.length),
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def _old(self) -> Iterator[tuple[LinePlace, ArticleLine]]:
        for path in article_files(self._lines.folder):
            for line in json_lines.read(path):
                if _names_an_article(line.found):
                    yield LinePlace(path.name, line.offset, len(line.data)), line.found
                else:
                    self.unreadable += 1

    def batch(self) -> AbstractContextManager[None]:
        """Store all that is compared inside in one transaction."""
        return self._database.transaction()

    def compare(self, line: ArticleLine) -> None:
        """Compare one new line."""
        self._database.run("INSERT OR IGNORE INTO new VALUES (?)", (line["id"],))
        for field in self._differing(line):
            self._database.run("INSERT OR IGNORE INTO differs VALUES (?, ?)", (line["id"], field))

    def _differing(self, line: ArticleLine) -> set[str]:
        rows = self._database.rows(
            "UPDATE old SET matched = 1 WHERE record_id = ? AND id = ?"
            " RETURNING file, offset, length",
            (line["warc"]["record_id"], line["id"]),
        )
        if not rows:
            return {VERSIONS}
        try:
            before = self._lines.read(LinePlace(*rows[0]))
        except Damaged:
            return {VERSIONS}
        keys = {*before, *line} - _NOT_COMPARED
        return {key for key in keys if before.get(key) != line.get(key)}

    def finish(self) -> None:
        """Call this after the last new line: old lines without a new one are versions that are
        gone."""
        self._database.run(
            "INSERT OR IGNORE INTO differs SELECT id, ? FROM old WHERE NOT matched", (VERSIONS,)
        )

    def counts(self) -> dict[str, int]:
        """How many articles are `new`, `changed`, `gone` and the `same`."""
        found = {name: sum(1 for _ in self.articles(name)) for name in ("new", "changed", "gone")}
        [row] = self._database.rows("SELECT count(*) AS n FROM new")
        return {**found, "same": row["n"] - found["new"] - found["changed"]}

    def fields(self) -> dict[str, int]:
        """In how many of the changed articles each field differs, the most frequent first."""
        rows = self._database.rows(
            "SELECT field, count(*) AS n FROM differs WHERE id IN (SELECT id FROM old)"
            " AND id IN (SELECT id FROM new) GROUP BY field ORDER BY n DESC, field"
        )
        return {row["field"]: row["n"] for row in rows}

    def articles(self, kind: str) -> Iterator[tuple[str, list[str]]]:
        """The IDs of the articles of one `kind` (`new`, `changed` or `gone`), each with the fields
        that differ."""
        condition = {
            "new": "id NOT IN (SELECT id FROM old)",
            "changed": "id IN (SELECT id FROM old) AND id IN (SELECT id FROM new)",
            "gone": "id NOT IN (SELECT id FROM new)",
        }[kind]
        rows = self._database.each(
            "SELECT id, group_concat(field) AS fields FROM"
            f" (SELECT * FROM differs ORDER BY id, field) WHERE {condition} GROUP BY id"
        )
        return ((row["id"], row["fields"].split(",")) for row in rows)


def _names_an_article(line: dict[str, Any] | None) -> TypeGuard[ArticleLine]:
    """Whether the line has what a comparison needs: it may be torn or damaged."""
    try:
        return line is not None and isinstance(line["id"], str) and bool(line["warc"]["record_id"])
    except (KeyError, TypeError):
        return False
