"""index.db: what is known of a site and what is due. Derived; it may be deleted.

`pages` is the frontier: every address discovery has named, and what became of it.
`articles` has a row for every line, `marks` how far the lines are in it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from archive.address import spelling
from archive.appendfile import make_folder
from archive.database import Database
from archive.errors import Damaged
from archive.line import Line, utc
from archive.lines import LinePlace
from archive.salvage import move_aside

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    spelling TEXT PRIMARY KEY, url TEXT NOT NULL,
    post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due',  -- due, kept, refused, failed
    reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT  -- since when the site does not list it any more
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_state ON pages (state);
CREATE TABLE IF NOT EXISTS articles (
    id TEXT, version INTEGER, url TEXT NOT NULL, published TEXT, fetched TEXT NOT NULL,
    title TEXT, text_sha256 TEXT NOT NULL, modified TEXT, spelling TEXT NOT NULL,
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX IF NOT EXISTS article_spelling ON articles (spelling);
CREATE TABLE IF NOT EXISTS marks (file TEXT PRIMARY KEY, known INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page that discovery names: its address and what the listing says of the post."""

    url: str
    post_type: str | None = None
    post_id: int | None = None
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    protected: bool = False


class Newest(NamedTuple):
    """The newest version of an article, as far as it tells whether another text is the next."""

    version: int
    title: str | None
    text_sha256: str
    modified: str | None


class Index:
    """The index of one site. One writer (the run that holds the lock), any number of readers.

    A writer that finds it broken moves it to `quarantine` and begins an empty one; `renewed`
    then says so. Without a `quarantine`, and for a reader, a broken index is Damaged.
    """

    def __init__(self, path: Path, *, write: bool = False, quarantine: Path | None = None) -> None:
        self.path = path
        self.renewed = False
        if write:
            make_folder(path.parent)
        try:
            self._database = Database(path, _SCHEMA, SCHEMA_VERSION, write=write)
        except Damaged:
            if not write or quarantine is None:
                raise
            for suffix in ("", "-wal", "-shm"):
                move_aside(path.with_name(path.name + suffix), quarantine)
            self._database = Database(path, _SCHEMA, SCHEMA_VERSION, write=True)
            self.renewed = True

    def close(self) -> None:
        """Close; reading or writing afterwards fails."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything recorded and settled inside lasts, or nothing of it."""
        return self._database.transaction()

    def add(self, pages: Iterable[Found]) -> int:
        """Take `pages` into the frontier; return how many were not known before.

        A post is known by its ID whatever its address, a page without an ID by its address.
        """
        with self.transaction():
            return sum(self._add(page) for page in pages)

    def _add(self, page: Found) -> int:
        row = (
            spelling(page.url), page.url, page.post_type, page.post_id, page.title,
            utc(page.published), utc(page.modified), page.protected,
        )  # fmt: skip
        return self._database.run(
            "INSERT OR IGNORE INTO pages (spelling, url, post_type, post_id, title, published,"
            " modified, protected) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def update(self, pages: Iterable[Found]) -> int:
        """Compare known `pages` with what the listing says now; return how many are due again.

        A post is due again when its `modified` moved, in whichever direction (a restored
        revision moves it back), or its address did. One that was missing is live again.
        """
        with self.transaction():
            return sum(self._update(page) for page in pages)

    def _update(self, page: Found) -> bool:
        row = self._row(page)
        if row is None:
            return False
        renamed = page.post_id is not None and row["spelling"] != spelling(page.url)
        modified = utc(page.modified) or row["modified"]
        edited = row["modified"] is not None and modified != row["modified"]
        if not (renamed or edited or row["missing"]):
            return False
        self._database.run(
            "UPDATE OR REPLACE pages SET spelling = ?, url = ?, title = ?, modified = ?,"
            " protected = ?, missing = NULL, state = iif(?, 'due', state),"
            " reason = iif(?, ?, reason) WHERE rowid = ?",
            (
                spelling(page.url), page.url, page.title or row["title"], modified, page.protected,
                renamed or edited, renamed or edited, "renamed" if renamed else "edited",
                row["place"],
            ),
        )  # fmt: skip
        return renamed or edited

    def due(self, after: int, count: int) -> list[tuple[int, Found]]:
        """At most `count` pages to fetch behind the place `after` (0 at first), with their
        places, in the order they were found; failed ones of earlier nights among them."""
        rows = self._database.rows(
            "SELECT rowid AS place, * FROM pages WHERE state IN ('due', 'failed') AND rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (after, count),
        )
        return [(row["place"], _found(row)) for row in rows]

    def settle(self, url: str, state: str, reason: str | None = None) -> None:
        """Note what became of the page at `url`: `kept`, `refused` or `failed`."""
        self._settle(spelling(url), url, state, reason)

    def _settle(self, key: str, url: str, state: str, reason: str | None) -> None:
        self._database.run(
            "INSERT INTO pages (spelling, url, state, reason, tries) VALUES (?1, ?2, ?3, ?4, 1)"
            " ON CONFLICT (spelling) DO UPDATE SET state = ?3, reason = ?4, tries = tries + 1",
            (key, url, state, reason),
        )

    def record(self, line: Line, place: LinePlace) -> None:
        """Take in one line, and that the lines of its file are known up to its end."""
        key = spelling(line["url"])
        self._database.run(
            "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                line["id"], line["version"], line["url"], line["published"], line["fetched"],
                line["title"], line["text_sha256"], line["modified"], key,
                place.file, place.offset, place.length,
            ),
        )  # fmt: skip
        self._database.run(
            "INSERT OR IGNORE INTO pages (spelling, url, post_type, post_id, title, published,"
            " modified) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                key, line["url"], line["post_type"], line["post_id"], line["title"],
                line["published"], line["modified"],
            ),
        )  # fmt: skip
        self._database.run(
            "UPDATE OR IGNORE pages SET post_type = ?, post_id = ?"
            " WHERE spelling = ? AND post_id IS NULL",
            (line["post_type"], line["post_id"], key),
        )
        self._settle(key, line["url"], "kept", None)
        self._database.run(
            "INSERT OR REPLACE INTO marks VALUES (?, ?)", (place.file, place.offset + place.length)
        )

    def marks(self) -> dict[str, int]:
        """How many bytes of each file of lines are in the index."""
        return {row["file"]: row["known"] for row in self._database.rows("SELECT * FROM marks")}

    def newest_of(self, article: str) -> Newest | None:
        """What tells the newest version of the article with this ID from the next."""
        rows = self._database.rows(
            "SELECT version, title, text_sha256, modified FROM articles WHERE id = ?"
            " ORDER BY version DESC LIMIT 1",
            (article,),
        )
        return Newest(*rows[0]) if rows else None

    def versions(self, key: str) -> list[LinePlace]:
        """Where the versions of the article with this ID or address lie, oldest first."""
        rows = self._database.rows(
            "SELECT file, offset, length FROM articles WHERE id = ? OR spelling = ?"
            " ORDER BY version",
            (key, spelling(key)),
        )
        return [LinePlace(*row) for row in rows]

    def newest(self) -> Iterable[LinePlace]:
        """Where the newest version of every article lies, in the order of capture."""
        rows = self._database.each(
            "SELECT file, offset, length, max(version) FROM articles GROUP BY id"
            " ORDER BY file, offset"
        )
        return (LinePlace(row["file"], row["offset"], row["length"]) for row in rows)

    def counts(self) -> dict[str, int]:
        """Pages by state, and `articles`: how many have at least one version."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM pages GROUP BY state")
        counts = {row["state"]: row["n"] for row in rows}
        [row] = self._database.rows("SELECT count(DISTINCT id) AS n FROM articles")
        return {"due": 0, "kept": 0, "refused": 0, "failed": 0, **counts, "articles": row["n"]}

    def reasons(self) -> dict[str, dict[str, int]]:
        """Why pages were refused or failed: state → reason → how many."""
        found: dict[str, dict[str, int]] = {}
        for row in self._database.rows(
            "SELECT state, reason, count(*) AS n FROM pages WHERE state IN ('refused', 'failed')"
            " GROUP BY state, reason"
        ):
            found.setdefault(row["state"], {})[row["reason"]] = row["n"]
        return found

    def live(self, post_type: str) -> set[int]:
        """The IDs of the posts of `post_type` that are known and not missing."""
        rows = self._database.rows(
            "SELECT post_id FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            " AND missing IS NULL",
            (post_type,),
        )
        return {row["post_id"] for row in rows}

    def mark_missing(self, post_type: str, numbers: Iterable[int], since: datetime) -> None:
        """Note that the site does not list these posts any more; they are not due either."""
        with self.transaction():
            for number in numbers:
                self._database.run(
                    "UPDATE pages SET missing = ?1, state = iif(state IN ('due', 'failed'),"
                    " 'refused', state), reason = iif(state IN ('due', 'failed'), 'gone', reason)"
                    " WHERE post_type = ?2 AND post_id = ?3",
                    (utc(since), post_type, number),
                )

    def missing(self) -> int:
        """How many pages the site does not list any more."""
        [row] = self._database.rows("SELECT count(*) AS n FROM pages WHERE missing IS NOT NULL")
        return int(row["n"])

    def url_of(self, post_type: str, post_id: int | None) -> str | None:
        """The address at which the post with this ID is known."""
        rows = self._database.rows(
            "SELECT url FROM pages WHERE post_type = ? AND post_id = ?", (post_type, post_id)
        )
        return str(rows[0]["url"]) if rows else None

    def knows(self, page: Found) -> bool:
        """Whether the post is known by its ID, or the page by its address."""
        return self._row(page) is not None

    def _row(self, page: Found) -> sqlite3.Row | None:
        rows = self._database.rows(
            "SELECT rowid AS place, * FROM pages WHERE (post_type = ?1 AND post_id = ?2)"
            " OR spelling = ?3 ORDER BY post_id IS NOT ?2 LIMIT 1",
            (page.post_type, page.post_id, spelling(page.url)),
        )
        return rows[0] if rows else None

    def newest_fetched(self) -> str | None:
        """When the newest article was captured, ISO 8601."""
        [row] = self._database.rows("SELECT max(fetched) AS newest FROM articles")
        return str(row["newest"]) if row["newest"] else None

    def fact(self, name: str) -> Any:
        """What was remembered under `name` (the probe's findings); None if nothing was."""
        rows = self._database.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return json.loads(rows[0]["value"]) if rows else None

    def remember(self, name: str, value: Any) -> None:
        """Remember a JSON value under `name`."""
        self._database.run(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)",
            (name, json.dumps(value, ensure_ascii=False)),
        )


def _found(row: sqlite3.Row) -> Found:
    return Found(
        url=row["url"],
        post_type=row["post_type"],
        post_id=row["post_id"],
        title=row["title"],
        published=_moment(row["published"]),
        modified=_moment(row["modified"]),
        protected=bool(row["protected"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
