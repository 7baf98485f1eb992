"""What a site's sitemaps listed when they were last read: each address and its `lastmod`. The
next run compares: what came, what was modified, what went.

`beside` holds the addresses that only the sitemaps name, although REST is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from archive.database.database import Database

LISTED = """
CREATE TABLE IF NOT EXISTS listed (
    spelling TEXT PRIMARY KEY, file TEXT NOT NULL,
    lastmod TEXT  -- as the file spells it; null where it is not to be trusted
) STRICT;
CREATE INDEX IF NOT EXISTS listed_file ON listed (file);
CREATE TABLE IF NOT EXISTS beside (spelling TEXT PRIMARY KEY) STRICT;
"""


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

    def note(self, file: str, entries: Iterable[SitemapEntry]) -> None:
        """Note that `file` lists these `entries` now and nothing else."""
        with self._database.transaction():
            self._database.run("DELETE FROM listed WHERE file = ?", (file,))
            self._database.run_many(
                "INSERT OR REPLACE INTO listed VALUES (?, ?, ?)",
                ((entry.spelling, file, entry.lastmod) for entry in entries),
            )

    def set_beside(self, spellings: Iterable[str]) -> None:
        """Note that REST does not list the pages at these addresses. They are not counted among
        REST's posts, even if a page tells its own ID."""
        with self._database.transaction():
            for key in spellings:
                self._database.run("INSERT OR IGNORE INTO beside VALUES (?)", (key,))
