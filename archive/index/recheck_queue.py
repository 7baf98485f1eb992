"""Which kept articles are looked at once more tonight, because nothing tells whether they were
edited or removed: a site without REST, whose lastmod is missing or not to be trusted.

    younger than 48 hours    every night
    younger than 7 days      every third night
    younger than a year      every thirtieth night

An address and the night's number decide whether it is an article's turn, so each has its turn
once in 3 or 30 nights. A night has 500 turns at most; where there would be more the youngest
have theirs, and the others theirs less often.
"""

from __future__ import annotations

import zlib
from datetime import date, datetime, timedelta

from archive.index.database import Database
from archive.outcomes import PageState
from archive.times.days import begin_of, utc

RECHECKS = """
CREATE TABLE IF NOT EXISTS rechecks (place INTEGER PRIMARY KEY) STRICT;
"""
MOST = 500
"""So many turns a night has at most."""
BANDS = (
    (timedelta(hours=48), 1),
    (timedelta(days=7), 3),
    (timedelta(days=365), 30),
)
"""How old an article is at most, and how many nights it has one turn in."""


class RecheckQueue:
    """Tonight's turns, kept in the `database` so that a night that dies goes on with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, now: datetime) -> int:
        """Choose the turns of the night `now`; return how many are to be taken in all."""
        turns = set(self.waiting())
        older = timedelta(0)
        for age, writers in BANDS:
            places = self._kept(now - age, now - older)
            older = age
            turns.update(_of_tonight(places, writers, now.toordinal(), MOST - len(turns)))
        with self._database.transaction():
            for place in turns:
                self._database.run("INSERT OR IGNORE INTO rechecks VALUES (?)", (place,))
        return len(turns)

    def choose_all(self, limit: int | None = None, since: date | None = None) -> None:
        """Every kept article has its turn (`crawl --again`), or the `limit` that were looked at
        least often; with `since` those published before are left out."""
        with self._database.transaction():
            self._database.run(
                "INSERT OR IGNORE INTO rechecks SELECT place FROM pages"
                f" WHERE state = '{PageState.KEPT}' AND missing IS NULL AND spelling IS NOT NULL"
                " AND (?1 IS NULL OR published IS NULL OR published >= ?1)"
                " ORDER BY tries, place LIMIT ?2",
                (utc(begin_of(since)) if since else None, -1 if limit is None else limit),
            )

    def count(self) -> int:
        """How many turns are still to be taken."""
        [row] = self._database.rows("SELECT count(*) AS n FROM rechecks")
        return int(row["n"])

    def waiting(self) -> list[int]:
        """The places (of the frontier) whose turn it is."""
        return [row["place"] for row in self._database.each("SELECT place FROM rechecks")]

    def _kept(self, oldest: datetime, youngest: datetime) -> list[tuple[int, str]]:
        """The kept articles published in this stretch of time: place and spelling; where no
        date is known, by when they were first fetched."""
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


def _of_tonight(places: list[tuple[int, str]], writers: int, tonight: int, most: int) -> list[int]:
    """Those whose turn it is in this night of `writers`; of more nights if there are too many."""
    if most <= 0:
        return []
    writers *= -(-len(places) // (writers * most)) or 1
    turns = [pair for pair in places if (_hash(pair[1]) + tonight) % writers == 0]
    # Who is left out is not left out every time.
    turns.sort(key=lambda pair: _hash(f"{tonight} {pair[1]}"))
    return [place for place, _ in turns[:most]]


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())
