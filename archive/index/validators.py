"""ETag and Last-Modified of pages, used where a site has shown that they can be trusted.

If a server answers 304 for a page that did change, the change is never seen. So a page's validator
is used only after two whole answers with the same validator had the same payload. If the same
validator once came with two payloads, no validator of the site is used any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.database.database import Database
from archive.http.message import Message
from archive.http.urls import spelling

VALIDATORS = """
CREATE TABLE IF NOT EXISTS validators (
    spelling TEXT PRIMARY KEY, etag TEXT, modified TEXT, sha256 TEXT NOT NULL,
    proved INTEGER NOT NULL DEFAULT 0  -- 1: seen twice; -1: it stood for two payloads
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class SeenValidators:
    """A page's validators as they came with the payload `sha256`."""

    url: str
    etag: str | None
    modified: str | None
    sha256: str

    @classmethod
    def of(cls, url: str, message: Message, sha256: str) -> SeenValidators | None:
        """The validators in the headers of `message`; None if it has none."""
        etag, modified = message.header("etag"), message.header("last-modified")
        # nginx puts W/ before the tag of what it compresses; to WordPress that is another tag.
        etag = etag and etag.removeprefix("W/")
        return cls(url, etag, modified, sha256) if etag or modified else None


class Validators:
    """The validators of one site's pages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, pages: Iterable[SeenValidators]) -> None:
        """Compare with what was seen before; inside the transaction of their batch."""
        for seen in pages:
            key = spelling(seen.url)
            known = self._database.rows("SELECT * FROM validators WHERE spelling = ?", (key,))
            proved = 0
            if known and (known[0]["etag"], known[0]["modified"]) == (seen.etag, seen.modified):
                proved = 1 if known[0]["sha256"] == seen.sha256 else -1
            if known and known[0]["proved"] < 0:
                continue
            self._database.run(
                "INSERT OR REPLACE INTO validators VALUES (?, ?, ?, ?, ?)",
                (key, seen.etag, seen.modified, seen.sha256, proved),
            )

    def headers(self, url: str) -> dict[str, str]:
        """The headers for a conditional request for `url`; empty if it should not be conditional.

        There is never more than one: if there are two, WordPress wants both to agree.
        """
        known = self._proved(url)
        if known is None:
            return {}
        if known.etag:
            return {"If-None-Match": known.etag}
        return {"If-Modified-Since": known.modified or ""}

    def sha256(self, url: str) -> str | None:
        """The SHA-256 of the payload that a 304 for `url` stands for; None if it is not known."""
        known = self._proved(url)
        return known.sha256 if known else None

    def _proved(self, url: str) -> SeenValidators | None:
        rows = self._database.rows(
            "SELECT etag, modified, sha256 FROM validators WHERE spelling = ? AND proved = 1"
            " AND NOT EXISTS (SELECT 1 FROM validators WHERE proved < 0)",
            (spelling(url),),
        )
        return SeenValidators(url, *rows[0]) if rows else None
