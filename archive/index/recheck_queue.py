"""Which kept articles are looked at once more, because nothing tells whether they were edited or
removed: the site has no REST, and its lastmod is missing or cannot be trusted. Those whose page
came without its end, or from before an edit, have a turn in the next run, once.

    younger than 48 hours    every day
    younger than 7 days      every third day
    younger than a year      every thirtieth day

The address and the day's number decide on which days it is an article's turn. A day has 500 turns
at most. If there would be more, the youngest articles come first, and older ones less often.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from archive.database.database import Database
from archive.http.urls import spelling
from archive.outcomes import PageState
from archive.times.days import begin_of, utc

RECHECKS = """
CREATE TABLE IF NOT EXISTS rechecks (place INTEGER PRIMARY KEY) STRICT;
"""
MOST = 500
"""The most turns of one day."""
BANDS = (
    (timedelta(hours=48), 1),
    (timedelta(days=7), 3),
    (timedelta(days=365), 30),
)
"""How old an article is at most, and in how many days it has one turn."""


class RecheckQueue:
    """The turns that are still to be taken. They are stored in the `database`, so the next run
    goes on with them if this one dies."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._outdated: list[str] = []

    def turns(self, now: datetime) -> set[int]:
        """The places whose turn is on the day `now`, with those that wait already."""
        turns = set(self.waiting())
        older = timedelta(0)
        for age, days in BANDS:
            places = self._kept(now - age, now - older)
            older = age
            turns.update(_of_today(places, days, now.toordinal(), MOST - len(turns)))
        return turns

    def add(self, places: Iterable[int]) -> None:
        """Give the pages at these places a turn."""
        with self._database.transaction():
            for place in places:
                self._database.run("INSERT OR IGNORE INTO rechecks VALUES (?)", (place,))

    def choose_all(self, limit: int | None = None, since: date | None = None) -> None:
        """Give every kept article a turn (`crawl --again`), or only the `limit` articles that were
        looked at least often. With `since` those published before that day have none."""
        with self._database.transaction():
            self._database.run(
                "INSERT OR IGNORE INTO rechecks SELECT place FROM pages"
                f" WHERE state = '{PageState.KEPT}' AND missing IS NULL AND spelling IS NOT NULL"
                " AND (?1 IS NULL OR published IS NULL OR published >= ?1)"
                " ORDER BY tries, place LIMIT ?2",
                (utc(begin_of(since)) if since else None, -1 if limit is None else limit),
            )

    def note_outdated(self, url: str) -> None:
        """Give the article at `url` a turn with the next `choose_outdated`: its page will be
        settled by then, which takes all turns from it."""
        self._outdated.append(url)

    def choose_outdated(self) -> None:
        """Give the articles their turns whose pages came from before an edit."""
        for url in self._outdated:
            self.choose(url)
        self._outdated.clear()

    def choose(self, url: str) -> None:
        """Give the article at `url` a turn, since its page came without its end or is outdated: the
        next one may be whole. A site whose pages are always so must not be asked for everything
        twice, so there is none if all turns of a day are given."""
        self._database.run(
            "INSERT OR IGNORE INTO rechecks SELECT place FROM pages WHERE spelling = ?"
            f" AND missing IS NULL AND (SELECT count(*) FROM rechecks) < {MOST}",
            (spelling(url),),
        )

    def count(self) -> int:
        """How many turns are still to be taken."""
        [row] = self._database.rows("SELECT count(*) AS n FROM rechecks")
        return int(row["n"])

    def waiting(self) -> list[int]:
        """The places (of the frontier) whose turn it is."""
        return [row["place"] for row in self._database.each("SELECT place FROM rechecks")]

    def _kept(self, oldest: datetime, youngest: datetime) -> list[tuple[int, str]]:
        """The place and spelling of the kept articles that were published in this time. If the
        date is not known, the time of the first capture counts."""
        rows = self._database.each(
            "SELECT place, pages.spelling FROM pages JOIN articles"
            " ON articles.id = pages.article AND articles.version = 1"
            f" WHERE pages.state = '{PageState.KEPT}' AND pages.missing IS NULL"
            " AND pages.spelling IS NOT NULL"
            " AND coalesce(pages.published, articles.published, articles.fetched) > ?1"
            " AND coalesce(pages.published, articles.published, articles.fetched) <= ?2",
            (utc(oldest), utc(youngest)),
        )
        return [(row["place"], row["spelling"]) for row in rows]


def _of_today(places: list[tuple[int, str]], days: int, today: int, most: int) -> list[int]:
    """Those whose turn is `today`, if each has one turn in so many `days`, or in more days if
    there are too many."""
    if most <= 0:
        return []
    days *= -(-len(places) // (days * most)) or 1
    turns = [pair for pair in places if (_hash(pair[1]) + today) % days == 0]
    # Another order every day, so that the limit does not always leave out the same ones.
    turns.sort(key=lambda pair: _hash(f"{today} {pair[1]}"))
    return [place for place, _ in turns[:most]]


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
