"""Which pages a run asks for: those that are due, tried again or looked at again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from archive.database.database import Database
from archive.index.listed_post import ListedPost
from archive.index.posts import Posts
from archive.index.retries import GONE, NO_PAGE, ripe
from archive.outcomes import PageState, Reason

AT_HOME = "missing IS NULL AND spelling IS NOT NULL"
"""The condition for a page that stands at its address."""
# No article was ever there, as far as anybody saw.
_UNSEEN = (
    "missing IS NULL AND article IS NULL AND"
    f" (state = '{PageState.DUE}' OR reason IN ({', '.join(repr(str(word)) for word in GONE)}))"
)
# The turns of pages that earlier runs have found begin here: no index has so many places.
_EARLIER = 1 << 48
_SOME = 200


class DuePages(Posts):
    """The pages of one site in its `database`. `clock` is this run's time by the site's clock."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.clock = datetime.now(UTC)
        [row] = database.rows("SELECT coalesce(max(place), 0) AS last FROM pages")
        self._known_before: int = row["last"]

    def due(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages to fetch behind the turn `after` (0 at first), with their turns,
        in the order they were found: those of this run first. What a site has invented on a bad
        night must not stand in the way of its own pages."""
        before = self._known_before
        found = self._due(before + after, count) if after < _EARLIER else []
        turns = [(place - before, page) for place, page in found]
        earlier = self._due(max(0, after - _EARLIER), count - len(found), before)
        return turns + [(place + _EARLIER, page) for place, page in earlier]

    def _due(
        self, after: int, count: int, last: int = _EARLIER - 1
    ) -> list[tuple[int, ListedPost]]:
        rows = self._database.rows(
            f"SELECT * FROM pages WHERE state = '{PageState.DUE}' AND place > ? AND place <= ?"
            f" AND {AT_HOME} ORDER BY place LIMIT ?",
            (after, last, count),
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]

    def unseen(self, post_type: str) -> int:
        """How many live posts of `post_type` were listed once, of which no page was ever
        seen."""
        [row] = self._database.rows(
            f"SELECT count(*) AS n FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            f" AND {_UNSEEN} AND {self._live}",
            (post_type,),
        )
        return int(row["n"])

    def forget_unlisted(self, post_type: str, listed: Collection[int]) -> int:
        """Leave out the posts of `post_type` of which no page was ever seen and that are not
        `listed`: that they were ever there, nothing proves. Return how many."""
        rows = self._database.each(
            "SELECT place, post_id FROM pages WHERE post_type = ? AND post_id IS NOT NULL"
            f" AND {_UNSEEN} AND {self._live}",
            (post_type,),
        )
        return self.forget([row["place"] for row in rows if row["post_id"] not in listed])

    def unseen_addresses(self) -> Iterator[dict[str, int]]:
        """The addresses (spellings) without an ID that were listed once, and at which no page was
        ever seen, with their places; some at a time."""
        where = f"post_id IS NULL AND {_UNSEEN}"
        gone = self._database.rows(
            "SELECT place, spelling FROM pages INDEXED BY failing"
            f" WHERE failures > 0 AND state != '{PageState.DUE}' AND {where}"
        )
        yield {row["spelling"]: row["place"] for row in gone}
        place = 0
        while due := self._database.rows(
            f"SELECT place, spelling FROM pages WHERE state = '{PageState.DUE}' AND place > ?"
            f" AND {where} ORDER BY place LIMIT {_SOME}",
            (place,),
        ):
            yield {row["spelling"]: row["place"] for row in due}
            place = due[-1]["place"]

    def forget(self, places: Collection[int]) -> int:
        """Leave out the pages at these places; return how many."""
        with self.transaction():
            rows = ((place,) for place in places)
            self._database.run_many("DELETE FROM pages WHERE place = ?", rows)
        return len(places)

    def failed(self) -> list[tuple[int, ListedPost]]:
        """The pages that failed before and are to be tried again in this run (`retries`). They
        come after all others: a few pages that stop every run must not keep it from the rest."""
        never = ", ".join(repr(str(reason)) for reason in (Reason.ROBOTS, *NO_PAGE))
        return self._unhad(f"(reason IS NULL OR reason NOT IN ({never})) AND {ripe(self.clock)}")

    def disallowed(self) -> list[tuple[int, ListedPost]]:
        """The pages that robots.txt did not allow; it may have changed since."""
        return self._unhad(f"reason = '{Reason.ROBOTS}'")

    def again(self, after: int, count: int) -> list[tuple[int, ListedPost]]:
        """At most `count` pages after the place `after` that are to be looked at once more
        (archive.index.recheck_queue), each with its place."""
        rows = self._database.rows(
            "SELECT pages.* FROM rechecks CROSS JOIN pages USING (place)"
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
        rows += self._database.rows(
            "SELECT * FROM pages INDEXED BY failing WHERE failures > 0"
            f" AND reason IN ({marks}) AND {ripe(self.clock)} AND {known}",
            GONE,
        )
        for key in keys:
            rows += self._database.rows(
                f"SELECT * FROM pages WHERE spelling = ? AND {kept}", (key,)
            )
        return [ListedPost.of_row(row) for row in {row["place"]: row for row in rows}.values()]

    def _unhad(self, condition: str) -> list[tuple[int, ListedPost]]:
        """The pages of which this is true, among those that were asked for and not had."""
        rows = self._database.rows(
            f"SELECT * FROM pages INDEXED BY failing WHERE failures > 0 AND {condition}"
            f" AND state != '{PageState.DUE}' AND spelling IS NOT NULL AND {self._live}"
            " ORDER BY place"
        )
        return [(row["place"], ListedPost.of_row(row)) for row in rows]
