"""Which pages a run asks for: those that are due, tried again or looked at again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from archive.index.database import Database
from archive.index.listed_post import ListedPost, moment
from archive.index.posts import Posts
from archive.index.retries import GONE, NO_PAGE, is_ripe
from archive.outcomes import PageState, Reason

AT_HOME = "missing IS NULL AND spelling IS NOT NULL"
"""The condition for a page that stands at its address."""


class DuePages(Posts):
    """The pages of one site in its `database`. `clock` is this run's time by the site's clock."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.clock = datetime.now(UTC)

    def due(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages to fetch after the place `after` (0 at first), each with its
        place, in the order they were found."""
        rows = self._database.rows(
            f"SELECT * FROM pages WHERE state = '{PageState.DUE}' AND place > ? AND {AT_HOME}"
            " ORDER BY place LIMIT ?",
            (after, count),
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def failed(self) -> list[tuple[int, ListedPost]]:
        """The pages that failed before and are to be tried again in this run (`retries`). They
        come after all others: a few pages that stop every run must not keep it from the rest."""
        return [
            (row["place"], ListedPost.of_row(row))
            for row in self._unhad()
            if row["reason"] not in (Reason.ROBOTS, *NO_PAGE) and self._is_ripe(row)
        ]

    def disallowed(self) -> list[tuple[int, ListedPost]]:
        """The pages that robots.txt did not allow; it may have changed since."""
        rows = (row for row in self._unhad() if row["reason"] == Reason.ROBOTS)
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def again(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages after the place `after` that are to be looked at once more
        (archive.index.recheck_queue), each with its place."""
        rows = self._database.rows(
            "SELECT pages.* FROM rechecks JOIN pages USING (place)"
            f" WHERE place > ? AND state = '{PageState.KEPT}' AND {AT_HOME} ORDER BY place LIMIT ?",
            (after, count),
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def held(self, keys: Iterable[str]) -> list[ListedPost]:
        """The posts that are kept and not missing, and of which one of these is true: its address
        is among `keys` (spellings); its page was not there when it was last fetched; another post
        was found at its address."""
        known = "post_id IS NOT NULL AND article IS NOT NULL AND missing IS NULL"
        kept = f"state = '{PageState.KEPT}' AND {known}"
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
                f"SELECT * FROM pages WHERE spelling = ? AND {kept}", (key,)
            )
        return [ListedPost.of_row(row) for row in {row["place"]: row for row in rows}.values()]

    def _unhad(self) -> Iterable[sqlite3.Row]:
        return self._database.each(
            f"SELECT * FROM pages WHERE failures > 0 AND state != '{PageState.DUE}'"
            f" AND spelling IS NOT NULL AND {self._live} ORDER BY place"
        )

    def _is_ripe(self, row: sqlite3.Row) -> bool:
        return is_ripe(row["failures"], moment(row["asked"]), self.clock)
