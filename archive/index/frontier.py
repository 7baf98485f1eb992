"""The frontier: every address that discovery has named, what became of it, and what is missing.

A post is known by its type and ID, whatever its address is. A page without a known ID is known by
its address; it becomes a post when the site names one there. Two live pages never have the same
address: it belongs to the one that the site named there last. The other has none (`spelling` is
null) until the site says where it is now, or that it is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from archive.http.urls import spelling
from archive.index.due_pages import AT_HOME, DuePages
from archive.index.listed_post import ListedPost
from archive.index.new_articles import NewArticles
from archive.index.retries import GONE, is_lasting, is_settled, state_after
from archive.index.sitemap_entries import NOWHERE
from archive.outcomes import PageState, Reason
from archive.record_place import RecordPlace
from archive.times.days import utc

if TYPE_CHECKING:
    from archive.jsonl.article_line import ArticleLine
    from archive.jsonl.removals import Removal

__all__ = ["Frontier", "ListedPost", "PageStatus", "Settled"]


class PageStatus(NamedTuple):
    """What became of a page, and when it was last modified, as the site says."""

    state: PageState
    modified: str | None


class Settled(NamedTuple):
    """What `settle` found: whether the page failed for the first time or for a new reason, and
    whether an article of it is kept."""

    is_news: bool
    is_kept: bool


class Frontier(DuePages):
    """The pages of one site, and what becomes of them."""

    def add(self, pages: Iterable[ListedPost]) -> int:
        """Add `pages` to the frontier; return how many were not known before."""
        with self.transaction():
            return sum(self._add(page.public()) for page in pages)

    def _add(self, page: ListedPost) -> int:
        if self._row(page) is not None:
            return 0
        key = spelling(page.url)
        if page.post_id is not None:
            self._clear(key)
        return self._database.run(
            "INSERT INTO pages (spelling, url, post_type, post_id, title, published, modified,"
            " protected, local, date_source, content_place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, page.url, page.post_type, page.post_id, page.title, utc(page.published),
                utc(page.modified), page.protected, page.local, page.date_source,
                _written(page.content_place),
            ),
        )  # fmt: skip

    def _clear(self, key: str) -> None:
        """Make room at this address. A post that had it has no address until the site says where
        it is now. A page without an ID is dropped: the page that comes takes its place."""
        row = self._at(key)
        if row is None:
            return
        if row["post_id"] is None:
            self._database.run("DELETE FROM pages WHERE place = ?", (row["place"],))
            return
        told: dict[str, Any] = {"spelling": None}
        if row["state"] in (PageState.DUE, PageState.FAILED):
            # It cannot be fetched any more: another post has its address.
            state = PageState.KEPT if row["article"] else PageState.REFUSED
            told |= {"state": state, "reason": Reason.DUPLICATE}
        self._write(row, told)

    def update(self, pages: Iterable[ListedPost]) -> int:
        """Compare known `pages` with what the listing says now; return how many are due again.

        A post is due again when its `modified` changed (also to an earlier instant: a restored
        revision does that), or its address did. A post that was missing is live again, and is
        due if it was not fetched before. A page without an ID gets the ID that the listing has
        for its address.
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
        # If the site names two posts at one address, only one of them has it.
        home = moved or not homeless or self._at(key) is None
        lost = home and homeless and row["reason"] in (Reason.GONE, Reason.DUPLICATE)
        told = {
            "url": page.url if known or _is_elsewhere(row["url"], page.url) else row["url"],
            "spelling": key if home else None,
            "modified": utc(page.modified) or row["modified"],
            "title": page.title or row["title"],
            "local": page.local or row["local"],
            "published": utc(page.published) or row["published"],
            "date_source": page.date_source if page.published else row["date_source"],
            "content_place": _written(page.content_place) or row["content_place"],
            "missing": None,
        }
        if page.post_id is not None:
            told |= {"post_type": page.post_type, "post_id": page.post_id}
            told |= {"protected": int(page.protected)}
        again = moved or lost or self._is_edited(row, page)
        if again:
            reason = Reason.RENAMED if moved else Reason.EDITED
            told |= {"state": PageState.DUE, "reason": reason, "content": None}
        if moved:
            self._clear(key)
        self._write(row, told)
        return again

    def enter(self, pages: Sequence[tuple[ListedPost, ArticleLine | None]]) -> set[str]:
        """Add or update `pages`, no two of one post or address; each has the line that it gave.
        Return the IDs of the lines of which nothing was known: their pages are kept ones now."""
        new, known = NewArticles(self._database, self.clock), []
        with self.transaction():
            unknown = new.unknown([(page, line) for page, line in pages if line])
            for page, line in pages:
                if line and line["id"] in unknown:
                    new.add(page, line["id"])
                elif not self._add(page.public()):
                    known.append(page.public())
            for page in known:
                self._update(page)
        return unknown

    def stand(self, page: ListedPost) -> None:
        """Note that the page at this address says itself that it is this post. The listing may
        not have told its ID. If the post was missing it is live again."""
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
        """Whether REST is open and only the sitemaps name this address. Such a page must not get
        an ID: it would be counted among the posts that REST counts."""
        return bool(self._database.rows("SELECT 1 FROM beside WHERE spelling = ?", (key,)))

    def _is_edited(self, row: sqlite3.Row, page: ListedPost) -> bool:
        """Whether the listing tells of an edit after the page was fetched, or after the last edit
        that it told of."""
        modified = utc(page.modified)
        if modified is None or row["modified"] is not None:
            return row["modified"] is not None and modified not in (None, row["modified"])
        if row["post_id"] is not None or row["state"] != PageState.KEPT:
            return False
        [newest] = self._database.rows(
            "SELECT max(fetched) AS fetched FROM articles WHERE id = ?", (row["article"],)
        )
        return newest["fetched"] is not None and newest["fetched"] < modified

    def _write(self, row: sqlite3.Row, told: dict[str, Any]) -> None:
        """Store what `told` says of `row`, if it differs."""
        new = {name: value for name, value in told.items() if value != row[name]}
        if new:
            columns = ", ".join(f"{name} = ?" for name in new)
            self._database.run(
                f"UPDATE pages SET {columns} WHERE place = ?", (*new.values(), row["place"])
            )

    def settle(self, url: str, state: PageState, reason: str | None = None) -> Settled:
        """Note what became of the page at `url`: `kept`, or why it could not be had.

        The reason, and the number of failures in a row, decide whether it is `refused` for good
        or `failed` (`retries`). A kept article stays kept, whatever its page shows later.
        """
        row = self._at(spelling(url))
        if row is None:
            self._add(ListedPost(url=url))
            row = self._at(spelling(url))
            assert row is not None
        failures = 0
        if state != PageState.KEPT:
            failures = 0 if is_settled(reason) else row["failures"] + 1
            state = state_after(failures, reason)
            if row["article"]:
                # It may be the site's mistake; later runs ask what became of the post.
                state = PageState.KEPT
                if reason in GONE and failures == 1:
                    state = PageState.FAILED
        told = {"state": state, "reason": reason, "failures": failures}
        self._write(row, {**told, "tries": row["tries"] + 1, "asked": utc(self.clock)})
        self._database.run("DELETE FROM rechecks WHERE place = ?", (row["place"],))
        another = is_lasting(reason) and reason != row["reason"] and row["state"] != PageState.DUE
        return Settled(failures == 1 or another, bool(row["article"]))

    def reopen(self, keys: Iterable[str], reason: Reason) -> int:
        """Make the kept pages among `keys` (spellings) due again; return how many."""
        with self.transaction():
            return sum(
                self._database.run(
                    f"UPDATE pages SET state = '{PageState.DUE}', reason = ? WHERE spelling = ?"
                    f" AND state = '{PageState.KEPT}' AND missing IS NULL",
                    (reason, key),
                )
                for key in keys
            )

    def miss(self, removals: Iterable[Removal]) -> None:
        """Note that the site does not list these posts any more. They are not due any more."""
        gone = [removal for removal in removals if removal.returned is None]
        waits = f"state IN ('{PageState.DUE}', '{PageState.FAILED}')"
        with self.transaction():
            for removal in gone:
                self._database.run(
                    "UPDATE pages SET missing = ?1,"
                    f" state = iif({waits}, '{PageState.REFUSED}', state),"
                    f" reason = iif({waits}, '{Reason.GONE}', reason)"
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
        """The address at which the site shows this post now; None if none is known, or the
        sitemaps, which listed it, do not list it any more."""
        rows = self._database.rows(
            f"SELECT url FROM pages WHERE post_type = ? AND post_id = ? AND {AT_HOME}"
            " AND (SELECT file FROM listed WHERE listed.spelling = pages.spelling) IS NOT ?",
            (post_type, post_id, NOWHERE),
        )
        return str(rows[0]["url"]) if rows else None

    def knows(self, page: ListedPost) -> bool:
        """Whether the post is known by its ID, or the page by its address."""
        return self._row(page) is not None

    def state(self, page: ListedPost) -> PageStatus | None:
        """What is known of the post, or of the page at its address if it has no ID; None if
        nothing is known."""
        row = self._row(page)
        return PageStatus(PageState(row["state"]), row["modified"]) if row else None

    def _row(self, page: ListedPost) -> sqlite3.Row | None:
        if page.post_id is not None and (
            rows := self._database.rows(
                "SELECT * FROM pages WHERE post_type = ? AND post_id = ?",
                (page.post_type, page.post_id),
            )
        ):
            return rows[0]
        at_home = self._at(spelling(page.url))
        is_another = page.post_id is not None and at_home and at_home["post_id"] is not None
        return None if is_another else at_home

    def _at(self, key: str) -> sqlite3.Row | None:
        """The live page at the address with this spelling."""
        rows = self._database.rows(
            "SELECT * FROM pages WHERE spelling = ? AND missing IS NULL", (key,)
        )
        return rows[0] if rows else None


def _written(place: RecordPlace | None) -> str | None:
    return str(place) if place else None


def _is_elsewhere(old: str, new: str) -> bool:
    """Whether only the scheme or the host's name is another, as after a move to https."""
    before, now = urlsplit(old), urlsplit(new)
    return before[:2] != now[:2] and before[2:4] == now[2:4]
