"""What a search finds in the texts of one site.

A word that stands in half of all texts says little of any of them, and to weigh a million hits
takes seconds. So up to 5,000 hits are ranked by their weight (BM25; words of the title count four
times). If there are more, the 5,000 that were captured last come first: of these the ones with the
words in the title, then the others. Then come all earlier ones, those captured last first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from typing import Any, NamedTuple

from archive.jsonl.articles import LinePlace
from archive.select.query import Query
from archive.select.search_index import SearchIndex
from archive.times.day_range import EVER, DayRange

MOST_RANKED = 5_000
"""How many hits are ranked by their weight."""
_MOST_SORTED = 30_000
_WEIGHTS = "bm25(words, 1.0, 4.0, 0.5)"
_MOST_BOUNDED = 50_000
_CHUNK = 200
_CHANGED = (
    "EXISTS (SELECT 1 FROM docs AS other"
    " WHERE other.id = docs.id AND other.version != docs.version)"
)
_NO_DIGIT = re.compile(r"\D")


class HitOrder(StrEnum):
    """The order of hits."""

    RANK = "rank"
    """What fits best comes first."""
    DATE = "date"
    """What was published last comes first, and what has no date last."""


class Hit(NamedTuple):
    """A version of an article in which the words stand. Hits of several sites are in order by their
    `key`."""

    key: tuple[float, ...]
    id: str
    version: int
    published: str | None
    place: LinePlace


class Hits:
    """The hits of `query` in `index`: the newest version of an article, or `every` one, if it was
    published in `days`; with `changed` only articles that have several versions."""

    def __init__(
        self,
        index: SearchIndex,
        query: Query,
        days: DayRange,
        *,
        every: bool = False,
        changed: bool = False,
    ) -> None:
        self._database = index.database
        self._expression = query.expression()
        # The beginning of a word may be that of a thousand words.
        self._is_wide = any(spelling.prefix for spelling in query.sought())
        terms, values = _terms(days)
        terms.append("true" if every else "newest")
        if changed:
            terms.append(_CHANGED)
        self._docs = " AND ".join(terms)
        self._doc_values = values
        if (ends := self._ends(days)) is not None:
            terms = [*terms, "words.rowid BETWEEN ? AND ?"]
            values = [*values, *ends]
        # CROSS JOIN keeps the order of the tables: the words are looked up first.
        self._from = (
            "FROM words CROSS JOIN docs ON docs.place = words.rowid"
            f" WHERE {' AND '.join(terms)} AND words MATCH ?"
        )
        self._values = values

    def count(self, most: int = MOST_RANKED + 1) -> int:
        """How many there are; not more than `most` are counted."""
        [row] = self._database.rows(
            f"SELECT count(*) AS n FROM (SELECT 1 {self._from} LIMIT ?)",
            [*self._values, self._expression, most],
        )
        return int(row["n"])

    def places(self) -> Iterator[LinePlace]:
        """Where the lines of all hits are, in no order."""
        rows = self._database.each(
            f"SELECT name, offset, length {self._named(self._from)}",
            [*self._values, self._expression],
        )
        return (LinePlace(*row) for row in rows)

    def ranked(self, *, weighed: bool = True) -> Iterator[Hit]:
        """All hits, what fits best first. Not `weighed`: as is said above for too many hits."""
        if weighed:
            yield from self._weighed()
            return
        titled = f"{{title}} : ({self._expression})"
        first = self._first_of_latest()
        yield from self._latest(titled, 1, "words.rowid >= ?", first)
        yield from self._latest(f"({self._expression} NOT {titled})", 2, "words.rowid >= ?", first)
        yield from self._latest(self._expression, 3, "words.rowid < ?", first)

    def dated(self) -> Iterator[Hit]:
        """All hits, what was published last first."""
        if self.count(_MOST_SORTED) < _MOST_SORTED:
            yield from self._hits("-1 AS score", self._expression, "published DESC, place DESC")
            return
        docs = f"SELECT place FROM docs WHERE {self._docs} ORDER BY published DESC"
        places = (row["place"] for row in self._database.each(docs, self._doc_values))
        if self._is_wide:
            # To look up each row takes long then, but the set of all rows is there soon.
            held = {row["place"] for row in self._each("words.rowid AS place")}
            for place in places:
                if place in held:
                    yield from self._row(place)
            return
        while chunk := list(islice(places, _CHUNK)):
            yield from self._among(chunk)

    def _ends(self, days: DayRange) -> tuple[int, int] | None:
        """Between which rows all texts of these days are; None if that is not worth knowing. A
        month was captured in a few runs as a rule, so its rows are beside each other."""
        if days == EVER:
            return None
        terms, values = _terms(days)
        [row] = self._database.rows(
            "SELECT min(place) AS low, max(place) AS high, count(*) AS n FROM"
            f" (SELECT place FROM docs WHERE {' AND '.join(terms)} LIMIT ?)",
            [*values, _MOST_BOUNDED],
        )
        return (row["low"] or 0, row["high"] or 0) if row["n"] < _MOST_BOUNDED else None

    def _first_of_latest(self) -> int:
        """The row of the first of the hits that were captured last."""
        rows = self._each("words.rowid AS place", f"ORDER BY words.rowid DESC LIMIT {MOST_RANKED}")
        return min((int(row["place"]) for row in rows), default=0)

    def _each(self, columns: str, order: str = "") -> Iterator[Any]:
        return self._database.each(
            f"SELECT {columns} {self._from} {order}", [*self._values, self._expression]
        )

    def _weighed(self) -> Iterator[Hit]:
        order = "score, published DESC, place DESC"
        for hit in self._hits(f"{_WEIGHTS} AS score", self._expression, order):
            yield hit._replace(key=(0, *hit.key))

    def _latest(self, expression: str, tier: int, bound: str, first: int) -> Iterator[Hit]:
        order = "words.rowid DESC"
        for hit in self._hits("0 AS score", expression, order, f"AND {bound}", first):
            yield hit._replace(key=(tier, *hit.key))

    def _hits(
        self, score: str, expression: str, order: str, bound: str = "", *values: int
    ) -> Iterator[Hit]:
        rows = self._database.each(
            f"SELECT id, version, published, name, offset, length, {score}"
            f" {self._named(self._from)} {bound} ORDER BY {order}",
            [*self._values, expression, *values],
        )
        return map(_hit, rows)

    def _among(self, places: list[int]) -> Iterator[Hit]:
        """The hits among these rows."""
        marks = ", ".join("?" * len(places))
        bound = f"AND words.rowid IN ({marks})"
        order = "published DESC, place DESC"
        return self._hits("-1 AS score", self._expression, order, bound, *places)

    def _row(self, place: int) -> Iterator[Hit]:
        """This row, which is a hit."""
        rows = self._database.each(
            "SELECT id, version, published, name, offset, length, -1 AS score"
            " FROM docs JOIN files USING (file) WHERE place = ?",
            (place,),
        )
        return map(_hit, rows)

    @staticmethod
    def _named(joined: str) -> str:
        """With the name of the file of each line."""
        return joined.replace(" WHERE ", " JOIN files USING (file) WHERE ", 1)


def _terms(days: DayRange) -> tuple[list[str], list[Any]]:
    """SQL conditions for the rows of `docs` of these days, and their values."""
    asked = {"published >= ?": days.begin, "published < ?": days.end}
    return [t for t, value in asked.items() if value], [value for value in asked.values() if value]


def _hit(row: Any) -> Hit:
    place = LinePlace(row["name"], row["offset"], row["length"])
    key = (row["score"], -_newness(row["published"]))
    return Hit(key, row["id"], row["version"], row["published"], place)


def _newness(published: str | None) -> float:
    """Greater for a later instant."""
    return int(_NO_DIGIT.sub("", published)) if published else 0
