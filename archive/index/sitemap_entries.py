"""What a site's sitemaps listed when they were last read: each address and its `lastmod`. The
next run compares: what came, what was modified, what went.

`beside` holds the addresses that only the sitemaps name, although REST is open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from archive.database.database import Database

LISTED = """
CREATE TABLE IF NOT EXISTS listed (
    spelling TEXT PRIMARY KEY, file TEXT NOT NULL,
    lastmod TEXT  -- as the file spells it; null where it is not to be trusted
) STRICT;
CREATE INDEX IF NOT EXISTS listed_file ON listed (file);
CREATE TABLE IF NOT EXISTS listed_files (
    file TEXT PRIMARY KEY, entries INTEGER NOT NULL  -- kept by triggers
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS beside (spelling TEXT PRIMARY KEY) STRICT;
"""
_ONE_MORE = (
    "INSERT INTO listed_files VALUES (new.file, 1)"
    " ON CONFLICT (file) DO UPDATE SET entries = entries + 1"
)
_ONE_LESS = (
    "UPDATE listed_files SET entries = entries - 1 WHERE file = old.file;"
    " DELETE FROM listed_files WHERE file = old.file AND entries = 0"
)
LISTED_COUNTING = f"""
CREATE TRIGGER IF NOT EXISTS entry_added AFTER INSERT ON listed BEGIN {_ONE_MORE}; END;
CREATE TRIGGER IF NOT EXISTS entry_dropped AFTER DELETE ON listed BEGIN {_ONE_LESS}; END;
CREATE TRIGGER IF NOT EXISTS entry_moved AFTER UPDATE OF file ON listed
    WHEN old.file IS NOT new.file BEGIN {_ONE_LESS}; {_ONE_MORE}; END;
"""
"""The triggers that keep `listed_files`."""


NOWHERE = ""
"""Stands for a file: the addresses that no file lists any more, and of which it is not known yet
what became of them."""


class SitemapEntry(NamedTuple):
    """An address in a file, by its spelling, and its `lastmod` as the file spells it."""

    spelling: str
    lastmod: str | None


class EntryPlace(NamedTuple):
    """Where an address was listed, and the `lastmod` it had there."""

    file: str
    lastmod: str | None


class SitemapEntries:
    """The table of one site in its `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, EntryPlace]:
        """Every address that was listed, by its spelling."""
        rows = self._database.each("SELECT spelling, file, lastmod FROM listed")
        return {row["spelling"]: EntryPlace(row["file"], row["lastmod"]) for row in rows}

    def files(self) -> dict[str, int]:
        """The files that list something, and how many addresses were listed in each."""
        rows = self._database.rows("SELECT file, entries FROM listed_files")
        return {row["file"]: row["entries"] for row in rows}

    def places(self, spellings: Sequence[str]) -> dict[str, EntryPlace]:
        """Those of some addresses that were listed, by their spellings."""
        rows = self._database.each(
            "SELECT spelling, file, lastmod FROM json_each(?) CROSS JOIN listed"
            " ON spelling = value",
            (json.dumps(spellings),),
        )
        return {row["spelling"]: EntryPlace(row["file"], row["lastmod"]) for row in rows}

    def of_file(self, file: str, after: int, count: int) -> list[tuple[int, str]]:
        """At most `count` addresses (spellings) that `file` listed, behind the place `after` (0 at
        first), each with its place."""
        rows = self._database.rows(
            "SELECT rowid AS place, spelling FROM listed WHERE file = ? AND rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (file, after, count),
        )
        return [(row["place"], row["spelling"]) for row in rows]

    def with_articles(self, spellings: Sequence[str]) -> int:
        """At how many of these addresses an article stands that is kept."""
        [row] = self._database.rows(
            "SELECT count(*) AS n FROM json_each(?) CROSS JOIN pages ON spelling = value"
            " WHERE missing IS NULL AND article IS NOT NULL",
            (json.dumps(spellings),),
        )
        return int(row["n"])

    def note(self, file: str, entries: Iterable[SitemapEntry]) -> None:
        """Note that `file` lists these `entries` now; what else it lists stays as it is."""
        with self._database.transaction():
            self._database.run_many(
                "INSERT INTO listed VALUES (?, ?, ?) ON CONFLICT (spelling) DO UPDATE"
                " SET file = excluded.file, lastmod = excluded.lastmod"
                " WHERE file IS NOT excluded.file OR lastmod IS NOT excluded.lastmod",
                ((entry.spelling, file, entry.lastmod) for entry in entries),
            )

    def set_aside(self, spellings: Iterable[str]) -> None:
        """Note that no file lists these addresses now; their lastmod stays known."""
        with self._database.transaction():
            self._database.run_many(
                "UPDATE listed SET file = ? WHERE spelling = ? AND file != ?",
                ((NOWHERE, key, NOWHERE) for key in spellings),
            )

    def forget(self, spellings: Iterable[str]) -> None:
        """Note that no file lists these addresses any more."""
        with self._database.transaction():
            self._database.run_many(
                "DELETE FROM listed WHERE spelling = ?", ((key,) for key in spellings)
            )

    def set_beside(self, spellings: Iterable[str]) -> None:
        """Note that REST does not list the pages at these addresses. They are not counted among
        REST's posts, even if a page tells its own ID."""
        with self._database.transaction():
            for key in spellings:
                self._database.run("INSERT OR IGNORE INTO beside VALUES (?)", (key,))
