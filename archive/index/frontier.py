"""The frontier: every address discovery has named, what became of it, and what is missing.

A post is its (type, ID), whatever its address; a page whose ID is not known is its address, and
becomes the post that the site names there. No two live pages have one address: the one that the
site named there last has it. The other has none (`spelling` is null) until the site says where it
is now, or that it is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from archive.http.urls import spelling
from archive.index.due_pages import AT_HOME, DuePages
from archive.index.listed_post import ListedPost
from archive.index.retries import GONE, is_lasting, is_settled, state_after
from archive.layout import RecordPlace
from archive.outcomes import PageState, Reason
from archive.times.days import utc

if TYPE_CHECKING:
    from archive.jsonl.removals import Removal

__all__ = ["Frontier", "ListedPost", "PageStatus", "Settled"]


class PageStatus(NamedTuple):
    """What became of a page, and when the site last said it was modified."""

    state: PageState
    modified: str | None


class Settled(NamedTuple):
    """Whether a page could not be had for the first time, or for another reason than before, and
    whether an article is kept of it."""

    is_news: bool
    is_kept: bool


class Frontier(DuePages):
    """The pages of one site, and what becomes of them."""

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
            " protected, local, date_source, content_place)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, page.url, page.post_type, page.post_id, page.title, utc(page.published),
                utc(page.modified), page.protected, page.local, page.date_source,
                _written(page.content_place),
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
        if row["state"] in (PageState.DUE, PageState.FAILED):
            # It cannot be fetched any more: at its address is another post.
            state = PageState.KEPT if row["article"] else PageState.REFUSED
            told |= {"state": state, "reason": Reason.DUPLICATE}
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
        if row["post_id"] is not None or row["state"] != PageState.KEPT:
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

    def settle(self, url: str, state: PageState, reason: str | None = None) -> Settled:
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
        if state != PageState.KEPT:
            failures = 0 if is_settled(reason) else row["failures"] + 1
            state = state_after(failures, reason)
            if row["article"]:
                # Once may be a mistake of the site's; other nights ask what became of the post.
                state = PageState.KEPT
                if reason in GONE and failures == 1:
                    state = PageState.FAILED
        told = {"state": state, "reason": reason, "failures": failures}
        self._write(row, {**told, "tries": row["tries"] + 1, "asked": utc(self.clock)})
        self._database.run("DELETE FROM rechecks WHERE place = ?", (row["place"],))
        another = is_lasting(reason) and reason != row["reason"] and row["state"] != PageState.DUE
        return Settled(failures == 1 or another, bool(row["article"]))

    def reopen(self, keys: Iterable[str], reason: Reason) -> int:
        """The kept pages among these (by their spellings) are due again; return how many."""
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
        """Note that the site does not list these posts any more; they are not due either."""
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
        """The address at which this post stands now; None if it is not known to stand at any."""
        rows = self._database.rows(
            f"SELECT url FROM pages WHERE post_type = ? AND post_id = ? AND {AT_HOME}",
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
        return PageStatus(PageState(row["state"]), row["modified"]) if row else None

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


def _written(place: RecordPlace | None) -> str | None:
    return str(place) if place else None


def _is_elsewhere(old: str, new: str) -> bool:
    """Whether a site moved the page to https, or to another name of its own, and nothing else."""
    before, now = urlsplit(old), urlsplit(new)
    return before[:2] != now[:2] and before[2:4] == now[2:4]
