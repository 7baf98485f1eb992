"""The frontier: every address discovery has named, what became of it, and what is missing.

A post is its (type, ID), whatever its address; a page whose ID is not known is its address, and
becomes the post that the site names there. No two live pages have one address: the one that the
site named there last has it. The other has none (`spelling` is null) until the site says where it
is now, or that it is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from archive.http.urls import spelling
from archive.index.database import Database
from archive.index.listed_post import ListedPost, moment
from archive.index.posts import PostCounts
from archive.index.retries import (
    GONE,
    NO_PAGE,
    ROBOTS,
    is_lasting,
    is_ripe,
    is_settled,
    state_after,
)
from archive.jsonl.removals import Removal
from archive.times.days import FIRST_GREGORIAN_YEAR, begin_of, earliest, utc

__all__ = ["PAGES", "Frontier", "ListedPost", "Settled"]

PAGES = """
CREATE TABLE IF NOT EXISTS pages (
    place INTEGER PRIMARY KEY,
    spelling TEXT,  -- null: another post stands at its last address now
    url TEXT NOT NULL,
    post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due',  -- due, kept, refused, failed
    reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT,  -- since when the site does not list it any more
    local TEXT,  -- the date by the site's own clock
    content TEXT,  -- digest of the content that the kept article agrees with
    article TEXT,  -- the ID of the article that is kept of it
    failures INTEGER NOT NULL DEFAULT 0,  -- in a row, see archive.index.retries
    asked TEXT,  -- when it was last asked for, by the site's clock
    date_source TEXT  -- which listing told `published`
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS live_address ON pages (spelling) WHERE missing IS NULL;
CREATE UNIQUE INDEX IF NOT EXISTS post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS page_state ON pages (state);
"""
_AT_HOME = "missing IS NULL AND spelling IS NOT NULL"


class PageStatus(NamedTuple):
    """What became of a page, and when the site last said it was modified."""

    state: str
    modified: str | None


class Settled(NamedTuple):
    """Whether a page could not be had for the first time, or for another reason than before, and
    whether an article is kept of it."""

    is_news: bool
    is_kept: bool


class Frontier(PostCounts):
    """The pages of one site in its `database`. `clock` is the site's, tonight."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.clock = datetime.now(UTC)

    def _limit(self, since: date | None, changed: bool) -> None:
        """Count only pages published on the day `since` or later (None: all). If that is
        another day than before, what was left out is due, and what was due is left out.

        The day is Iran's, and REST's bound one by the site's own clock, whatever that is: the
        listings begin a day earlier, and so does what is live.
        """
        early = "0"
        self._live = "missing IS NULL"
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
            return sum(self._add(page.public()) for page in pages)

    def _add(self, page: ListedPost) -> int:
        if self._row(page) is not None:
            return 0
        key = spelling(page.url)
        self._clear(key)
        return self._database.run(
            "INSERT INTO pages (spelling, url, post_type, post_id, title, published, modified,"
            " protected, local, date_source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, page.url, page.post_type, page.post_id, page.title, utc(page.published),
                utc(page.modified), page.protected, page.local, page.date_source,
            ),
        )  # fmt: skip

    def _clear(self, key: str) -> None:
        """Make room at this address. A post that stood there has none until the site says where
        it is now; what is known of a page without an ID was known of whoever comes."""
        row = self._at(key)
        if row is None:
            return
        if row["post_id"] is None:
            self._database.run("DELETE FROM pages WHERE place = ?", (row["place"],))
            return
        told: dict[str, Any] = {"spelling": None}
        if row["state"] in ("due", "failed"):
            # It cannot be fetched any more: at its address is another post.
            told |= {"state": "kept" if row["article"] else "refused", "reason": "duplicate"}
        self._write(row, told)

    def update(self, pages: Iterable[ListedPost]) -> int:
        """Compare known `pages` with what the listing says now; return how many are due again.

        A post is due again when its `modified` moved, in whichever direction (a restored
        revision moves it back), or its address did. One that was missing is live again, and
        due if it had not been fetched before it went. A page without an ID gets the one that
        the listing has for its address.
        """
        with self.transaction():
            return sum(self._update(page.public()) for page in pages)

    def _update(self, page: ListedPost) -> bool:
        row = self._row(page)
        if row is None:
            return False
        key = spelling(page.url)
        known = page.post_id is not None and row["post_id"] is not None
        moved = known and spelling(row["url"]) != key
        homeless = row["spelling"] is None or row["missing"] is not None
        # Of two posts that the site names at one address, one stays there.
        home = moved or not homeless or self._at(key) is None
        lost = home and homeless and row["reason"] in ("gone", "duplicate")
        told = {
            "url": page.url if known or _is_elsewhere(row["url"], page.url) else row["url"],
            "spelling": key if home else None,
            "modified": utc(page.modified) or row["modified"],
            "title": page.title or row["title"],
            "local": page.local or row["local"],
            "published": utc(page.published) or row["published"],
            "date_source": page.date_source if page.published else row["date_source"],
            "missing": None,
        }
        if page.post_id is not None:
            told |= {"post_type": page.post_type, "post_id": page.post_id}
            told |= {"protected": int(page.protected)}
        again = moved or lost or self._is_edited(row, page)
        if again:
            told |= {"state": "due", "reason": "renamed" if moved else "edited", "content": None}
        if moved:
            self._clear(key)
        self._write(row, told)
        return again

    def stand(self, page: ListedPost) -> None:
        """The page at this address says itself that it is this post, whose ID the listing may
        not have told: it is known by that, and live again if it was missing."""
        row, key = self._row(page), spelling(page.url)
        if row is None:
            self._add(page)
            return
        told: dict[str, Any] = {}
        if row["spelling"] != key or row["missing"]:
            self._clear(key)
            told |= {"spelling": key, "url": page.url, "missing": None}
        if page.post_id is not None and (row["post_id"] is not None or not self._beside(key)):
            told |= {"post_type": page.post_type, "post_id": page.post_id}
        self._write(row, told)

    def _beside(self, key: str) -> bool:
        """Whether the sitemaps alone name the page at this address, beside REST: its own ID would
        count it among the posts that REST counts."""
        return bool(self._database.rows("SELECT 1 FROM beside WHERE spelling = ?", (key,)))

    def _is_edited(self, row: sqlite3.Row, page: ListedPost) -> bool:
        """Whether the listing tells of an edit since the page was fetched, or since the listing
        told of one."""
        modified = utc(page.modified)
        if modified is None or row["modified"] is not None:
            return row["modified"] is not None and modified not in (None, row["modified"])
        if row["post_id"] is not None or row["state"] != "kept":
            return False
        [newest] = self._database.rows(
            "SELECT max(fetched) AS fetched FROM articles WHERE id = ?", (row["article"],)
        )
        return newest["fetched"] is not None and newest["fetched"] < modified

    def _write(self, row: sqlite3.Row, told: dict[str, Any]) -> None:
        """Change in `row` what is another now."""
        new = {name: value for name, value in told.items() if value != row[name]}
        if new:
            columns = ", ".join(f"{name} = ?" for name in new)
            self._database.run(
                f"UPDATE pages SET {columns} WHERE place = ?", (*new.values(), row["place"])
            )

    def due(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages to fetch behind the place `after` (0 at first), with their
        places, in the order they were found."""
        rows = self._database.rows(
            f"SELECT * FROM pages WHERE state = 'due' AND place > ? AND {_AT_HOME}"
            " ORDER BY place LIMIT ?",
            (after, count),
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def failed(self) -> list[tuple[int, ListedPost]]:
        """The pages that could not be had and whose day has come (`retries`), to be tried
        when all others have had their turn: a few that end every night must not stand in the
        way of the rest."""
        return [
            (row["place"], ListedPost.of_row(row))
            for row in self._unhad()
            if row["reason"] not in (ROBOTS, *NO_PAGE) and self._is_ripe(row)
        ]

    def disallowed(self) -> list[tuple[int, ListedPost]]:
        """The pages that robots.txt keeps from us, which may be another tonight."""
        rows = (row for row in self._unhad() if row["reason"] == ROBOTS)
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def _unhad(self) -> Iterable[sqlite3.Row]:
        return self._database.each(
            "SELECT * FROM pages WHERE failures > 0 AND state != 'due' AND spelling IS NOT NULL"
            f" AND {self._live} ORDER BY place"
        )

    def _is_ripe(self, row: sqlite3.Row) -> bool:
        return is_ripe(row["failures"], moment(row["asked"]), self.clock)

    def settle(self, url: str, state: str, reason: str | None = None) -> Settled:
        """Note what became of the page at `url`: `kept`, or why it could not be had.

        Whether it is `refused` for good or has `failed`, the reason decides, and how often in a
        row there was one (`retries`). An article that is kept stays so, whatever its page
        shows later.
        """
        row = self._at(spelling(url))
        if row is None:
            self._add(ListedPost(url=url))
            row = self._at(spelling(url))
            assert row is not None
        failures = 0
        if state != "kept":
            failures = 0 if is_settled(reason) else row["failures"] + 1
            state = state_after(failures, reason)
            if row["article"]:
                # Once may be a mistake of the site's; other nights ask what became of the post.
                state = "failed" if reason in GONE and failures == 1 else "kept"
        told = {"state": state, "reason": reason, "failures": failures}
        self._write(row, {**told, "tries": row["tries"] + 1, "asked": utc(self.clock)})
        self._database.run("DELETE FROM rechecks WHERE place = ?", (row["place"],))
        another = is_lasting(reason) and reason != row["reason"] and row["state"] != "due"
        return Settled(failures == 1 or another, bool(row["article"]))

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
        """The posts that are kept and not missing: those among `keys` (spellings), those whose
        pages were not where they had been when they were fetched last, and those at whose
        address another post was found."""
        known = "post_id IS NOT NULL AND article IS NOT NULL AND missing IS NULL"
        rows = self._database.rows(f"SELECT * FROM pages WHERE spelling IS NULL AND {known}")
        marks = ", ".join("?" * len(GONE))
        rows += filter(
            self._is_ripe,
            self._database.rows(
                f"SELECT * FROM pages WHERE failures > 0 AND reason IN ({marks}) AND {known}", GONE
            ),
        )
        for key in keys:
            rows += self._database.rows(
                f"SELECT * FROM pages WHERE spelling = ? AND state = 'kept' AND {known}", (key,)
            )
        return [ListedPost.of_row(row) for row in {row["place"]: row for row in rows}.values()]

    def again(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages behind the place `after` whose turn it is to be looked at once
        more (archive.index.recheck_queue), with their places."""
        rows = self._database.rows(
            "SELECT pages.* FROM rechecks JOIN pages USING (place)"
            f" WHERE place > ? AND state = 'kept' AND {_AT_HOME} ORDER BY place LIMIT ?",
            (after, count),
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

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

    def url_of(self, post_type: str, post_id: int | None) -> str | None:
        """The address at which the post with this ID is known."""
        rows = self._database.rows(
            "SELECT url FROM pages WHERE post_type = ? AND post_id = ?", (post_type, post_id)
        )
        return str(rows[0]["url"]) if rows else None

    def home_of(self, post_type: str, post_id: int | None) -> str | None:
        """The address at which this post stands now; None if it is not known to stand at any."""
        rows = self._database.rows(
            f"SELECT url FROM pages WHERE post_type = ? AND post_id = ? AND {_AT_HOME}",
            (post_type, post_id),
        )
        return str(rows[0]["url"]) if rows else None

    def knows(self, page: ListedPost) -> bool:
        """Whether the post is known by its ID, or the page by its address."""
        return self._row(page) is not None

    def state(self, page: ListedPost) -> PageStatus | None:
        """What is known of the post, or of what stands at its address if it has no ID; None if
        nothing is."""
        row = self._row(page)
        return PageStatus(row["state"], row["modified"]) if row else None

    def _row(self, page: ListedPost) -> sqlite3.Row | None:
        at_home = self._at(spelling(page.url))
        if page.post_id is None:
            return at_home
        rows = self._database.rows(
            "SELECT * FROM pages WHERE post_type = ? AND post_id = ?",
            (page.post_type, page.post_id),
        )
        if rows:
            return rows[0]
        return at_home if at_home and at_home["post_id"] is None else None

    def _at(self, key: str) -> sqlite3.Row | None:
        """The live page at the address with this spelling."""
        rows = self._database.rows(
            "SELECT * FROM pages WHERE spelling = ? AND missing IS NULL", (key,)
        )
        return rows[0] if rows else None


def _is_elsewhere(old: str, new: str) -> bool:
    """Whether a site moved the page to https, or to another name of its own, and nothing else."""
    before, now = urlsplit(old), urlsplit(new)
    return before[:2] != now[:2] and before[2:4] == now[2:4]
