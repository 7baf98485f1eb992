"""The frontier: every address discovery has named, what became of it, and what is missing.

A post is known by its ID whatever its address, a page without an ID by its address.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from archive.http.urls import spelling, without_userinfo
from archive.index.database import Database
from archive.jsonl.removals import Removal
from archive.times import FIRST_GREGORIAN_YEAR, begin_of, earliest, utc

PAGES = """
CREATE TABLE IF NOT EXISTS pages (
    spelling TEXT PRIMARY KEY, url TEXT NOT NULL,
    post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due',  -- due, kept, refused, failed
    reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT,  -- since when the site does not list it any more
    local TEXT,  -- the date by the site's own clock
    content TEXT,  -- digest of the content that the kept article agrees with
    date_source TEXT  -- which listing told `published`
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_state ON pages (state);
"""

_KNOWN_TITLE = """(SELECT articles.title FROM articles WHERE articles.spelling = pages.spelling
    ORDER BY version DESC LIMIT 1) AS known_title"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """A page that discovery names: its address and what the listing says of the post.

    `known_title` is that of the article that is kept, if one is. `date_source` names the listing
    that told `published`: `rest`, `feed` or `sitemap`. `local` is the date by the site's own
    clock, without an offset (`2026-11-22T08:30:00`): what WordPress compares its date bounds
    with. `content` and `excerpt`, as HTML, come only with a listing that was asked for them, and
    are not stored.
    """

    url: str
    post_type: str | None = None
    post_id: int | None = None
    title: str | None = None
    known_title: str | None = None
    published: datetime | None = None
    date_source: str | None = None
    modified: datetime | None = None
    protected: bool = False
    local: str | None = None
    content: str | None = None
    excerpt: str | None = None


class PageStatus(NamedTuple):
    """What became of a page, and when the site last said it was modified."""

    state: str
    modified: str | None


class Frontier:
    """The pages of one site in its `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._live = self._wanted = "missing IS NULL"

    def _limit(self, since: date | None, changed: bool) -> None:
        """Count only pages published on the day `since` or later (None: all). If that is
        another day than before, what was left out is due, and what was due is left out.

        The day is Iran's, and REST's bound one by the site's own clock, whatever that is: the
        listings begin a day earlier, and so does what is live.
        """
        early = "0"
        self._live = self._wanted = "missing IS NULL"
        if since:
            # A year that can only be a Jalali one, or Unix's first day, tells of no day.
            published, local = (
                f"iif({name} >= '{FIRST_GREGORIAN_YEAR}' AND"
                f" {name} NOT BETWEEN '1969-12-31' AND '1970-01-02', {name}, NULL)"
                for name in ("published", "local")
            )
            early = f"coalesce({published} < '{utc(begin_of(since))}', {local} < '{since}', 0)"
            listed = f"coalesce({local}, {published}, '~') >= '{earliest(since)}'"
            self._live = f"missing IS NULL AND {listed}"
            self._wanted = f"missing IS NULL AND NOT {early}"
        if changed:
            self._database.run(
                "UPDATE pages SET state = 'due', reason = NULL"
                " WHERE state = 'refused' AND reason = 'before-since'"
            )
        self._database.run(
            "UPDATE pages SET state = 'refused', reason = 'before-since'"
            f" WHERE state IN ('due', 'failed') AND {early}"
        )

    def transaction(self) -> AbstractContextManager[None]:
        """Everything recorded and settled inside lasts, or nothing of it."""
        return self._database.transaction()

    def add(self, pages: Iterable[ListedPost]) -> int:
        """Take `pages` into the frontier; return how many were not known before."""
        with self.transaction():
            return sum(self._add(_public(page)) for page in pages)

    def _add(self, page: ListedPost) -> int:
        row = (
            spelling(page.url), page.url, page.post_type, page.post_id, page.title,
            utc(page.published), utc(page.modified), page.protected, page.local, page.date_source,
        )  # fmt: skip
        return self._database.run(
            "INSERT OR IGNORE INTO pages (spelling, url, post_type, post_id, title, published,"
            " modified, protected, local, date_source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def update(self, pages: Iterable[ListedPost]) -> int:
        """Compare known `pages` with what the listing says now; return how many are due again.

        A post is due again when its `modified` moved, in whichever direction (a restored
        revision moves it back), or its address did. One that was missing is live again, and
        due if it had not been fetched before it went.
        """
        with self.transaction():
            return sum(self._update(_public(page)) for page in pages)

    def _update(self, page: ListedPost) -> bool:
        row = self._row(page)
        if row is None:
            return False
        renamed = page.post_id is not None and row["spelling"] != spelling(page.url)
        modified = utc(page.modified) or row["modified"]
        edited = row["modified"] is not None and modified != row["modified"]
        back = row["missing"] is not None
        again = renamed or edited or (back and row["reason"] == "gone")
        told = {
            "title": page.title or row["title"],
            "local": page.local or row["local"],
            "published": utc(page.published) or row["published"],
            "date_source": page.date_source if page.published else row["date_source"],
        }
        if not (again or back or any(told[name] != row[name] for name in told)):
            return False
        self._database.run(
            "UPDATE OR REPLACE pages SET spelling = ?, url = ?, modified = ?, protected = ?,"
            " title = ?, local = ?, published = ?, date_source = ?, missing = NULL,"
            " state = iif(?, 'due', state), content = iif(?, NULL, content),"
            " reason = iif(?, ?, reason) WHERE rowid = ?",
            (
                spelling(page.url), page.url, modified, page.protected,
                *told.values(), again, again, again, "renamed" if renamed else "edited",
                row["place"],
            ),
        )  # fmt: skip
        return again

    def due(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages to fetch behind the place `after` (0 at first), with their
        places, in the order they were found."""
        return self._waiting("due", after, count)

    def failed(self) -> list[tuple[int, ListedPost]]:
        """The pages that could not be had, to be tried once more when all others have had
        their turn: a few that end every night must not stand in the way of the rest."""
        return self._waiting("failed", 0, -1)

    def _waiting(self, state: str, after: int, count: int) -> list[tuple[int, ListedPost]]:
        rows = self._database.rows(
            f"SELECT rowid AS place, *, {_KNOWN_TITLE} FROM pages WHERE state = ? AND rowid > ?"
            " ORDER BY rowid LIMIT ?",
            (state, after, count),
        )
        return [(row["place"], _found(row)) for row in rows]

    def settle(self, url: str, state: str, reason: str | None = None) -> None:
        """Note what became of the page at `url`: `kept`, `refused` or `failed`."""
        self._database.run(
            "INSERT INTO pages (spelling, url, state, reason, tries) VALUES (?1, ?2, ?3, ?4, 1)"
            " ON CONFLICT (spelling) DO UPDATE SET state = ?3, reason = ?4, tries = tries + 1",
            (spelling(url), url, state, reason),
        )
        self._database.run(
            "DELETE FROM rechecks WHERE place = (SELECT rowid FROM pages WHERE spelling = ?)",
            (spelling(url),),
        )

    def reopen(self, keys: Iterable[str], reason: str) -> int:
        """The kept pages among these (by their spellings) are due again; return how many."""
        with self.transaction():
            return sum(
                self._database.run(
                    "UPDATE pages SET state = 'due', reason = ? WHERE spelling = ?"
                    " AND state = 'kept' AND missing IS NULL",
                    (reason, key),
                )
                for key in keys
            )

    def held(self, keys: Iterable[str]) -> list[ListedPost]:
        """The posts that are kept and not missing: those among `keys` (spellings), and those
        whose pages were not where they had been when they were fetched last."""
        known = " post_id IS NOT NULL AND missing IS NULL AND EXISTS"
        known += " (SELECT 1 FROM articles WHERE articles.spelling = pages.spelling)"
        rows = self._database.rows(
            f"SELECT *, {_KNOWN_TITLE} FROM pages WHERE state = 'failed'"
            f" AND reason IN ('http-404', 'http-410', 'redirected') AND {known}"
        )
        for key in keys:
            rows += self._database.rows(
                f"SELECT *, {_KNOWN_TITLE} FROM pages WHERE spelling = ? AND state = 'kept'"
                f" AND {known}",
                (key,),
            )
        return [_found(row) for row in rows]

    def again(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages behind the place `after` whose turn it is to be looked at once
        more (archive.index.recheck_queue), with their places."""
        rows = self._database.rows(
            f"SELECT pages.rowid AS place, pages.*, {_KNOWN_TITLE} FROM rechecks"
            " JOIN pages ON pages.rowid = place"
            " WHERE pages.rowid > ? AND state = 'kept' ORDER BY pages.rowid LIMIT ?",
            (after, count),
        )
        return [(row["place"], _found(row)) for row in rows]

    def reasons(self) -> dict[str, dict[str, int]]:
        """Why pages were refused or failed: state → reason → how many."""
        found: dict[str, dict[str, int]] = {}
        for row in self._database.rows(
            "SELECT state, reason, count(*) AS n FROM pages WHERE state IN ('refused', 'failed')"
            " GROUP BY state, reason"
        ):
            found.setdefault(row["state"], {})[row["reason"]] = row["n"]
        return found

    def states(self) -> dict[str, int]:
        """How many pages are `due`, `kept`, `refused` and `failed`."""
        rows = self._database.rows("SELECT state, count(*) AS n FROM pages GROUP BY state")
        counts = {row["state"]: row["n"] for row in rows}
        return {"due": 0, "kept": 0, "refused": 0, "failed": 0, **counts}

    def live(self, post_type: str) -> set[int]:
        """The IDs of the posts of `post_type` that are known and not missing."""
        rows = self._database.rows(
            "SELECT post_id FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            f" AND {self._live}",
            (post_type,),
        )
        return {row["post_id"] for row in rows}

    def dated(self, post_type: str) -> list[tuple[str, int]]:
        """The live posts of `post_type` with their dates by the site's own clock, oldest
        first; a post whose date is not known has an empty one."""
        rows = self._database.rows(
            "SELECT coalesce(local, '') AS local, post_id FROM pages WHERE post_type = ?"
            f" AND post_id IS NOT NULL AND {self._live} ORDER BY 1, 2",
            (post_type,),
        )
        return [(row["local"], row["post_id"]) for row in rows]

    def live_addresses(self) -> set[str]:
        """The spellings of all posts with an ID that are not missing."""
        rows = self._database.each(
            f"SELECT spelling FROM pages WHERE post_id IS NOT NULL AND {self._live}"
        )
        return {row["spelling"] for row in rows}

    def live_dates(self) -> Iterable[str | None]:
        """When each page that is not missing and not left out was published, ISO 8601."""
        rows = self._database.each(f"SELECT published FROM pages WHERE {self._wanted}")
        return (row["published"] for row in rows)

    def balance(self, post_type: str) -> dict[str, int]:
        """The live posts of `post_type` by state."""
        rows = self._database.rows(
            "SELECT state, count(*) AS n FROM pages WHERE post_type = ?"
            f" AND post_id IS NOT NULL AND {self._live} GROUP BY state",
            (post_type,),
        )
        return {row["state"]: row["n"] for row in rows}

    def miss(self, removals: Iterable[Removal]) -> None:
        """Note that the site does not list these posts any more; they are not due either."""
        gone = [removal for removal in removals if removal.returned is None]
        with self.transaction():
            for removal in gone:
                self._database.run(
                    "UPDATE pages SET missing = ?1, state = iif(state IN ('due', 'failed'),"
                    " 'refused', state), reason = iif(state IN ('due', 'failed'), 'gone', reason)"
                    " WHERE post_type = ?2 AND post_id = ?3 AND missing IS NULL",
                    (utc(removal.first_missed), removal.post_type, removal.post_id),
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

    def knows(self, page: ListedPost) -> bool:
        """Whether the post is known by its ID, or the page by its address."""
        return self._row(page) is not None

    def state(self, url: str) -> PageStatus | None:
        """What is known of the page at `url`; None if nothing is."""
        rows = self._database.rows(
            "SELECT state, modified FROM pages WHERE spelling = ?", (spelling(url),)
        )
        return PageStatus(*rows[0]) if rows else None

    def _row(self, page: ListedPost) -> sqlite3.Row | None:
        rows = self._database.rows(
            "SELECT rowid AS place, * FROM pages WHERE (post_type = ?1 AND post_id = ?2)"
            " OR spelling = ?3 ORDER BY post_id IS NOT ?2 LIMIT 1",
            (page.post_type, page.post_id, spelling(page.url)),
        )
        return rows[0] if rows else None


def _public(page: ListedPost) -> ListedPost:
    """The page at an address that anybody may read."""
    url = without_userinfo(page.url)
    return page if url == page.url else replace(page, url=url)


def _found(row: sqlite3.Row) -> ListedPost:
    return ListedPost(
        url=row["url"],
        post_type=row["post_type"],
        post_id=row["post_id"],
        title=row["title"],
        known_title=row["known_title"],
        published=_moment(row["published"]),
        date_source=row["date_source"],
        modified=_moment(row["modified"]),
        protected=bool(row["protected"]),
        local=row["local"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
