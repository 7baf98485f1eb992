"""What a search finds in the texts of one site.

A word that stands in half of all texts says little of any of them, and to weigh a million hits
takes seconds. So up to 5,000 hits are ranked by their weight (BM25; words of the title count four
times). If there are more, the 5,000 that were captured last come first: of these the ones with the
words in the title, then the others. Then come all earlier ones, those captured last first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from archive.jsonl.articles import LinePlace
from archive.select.latest import WordTable, rows_of, slices
from archive.select.query import Query
from archive.select.search_index import SearchIndex
from archive.times.day_range import EVER, DayRange

MOST_RANKED = 5_000
"""How many hits are ranked by their weight."""
_MOST_SORTED = 30_000
_PLACE = "(SELECT name FROM files WHERE files.file = docs.file) AS name, offset, length"
_HIT = f"id, version, published, {_PLACE}"
_WEIGHTS = "bm25(words, 1.0, 4.0, 0.5)"
_MOST_BOUNDED = 50_000
_CHUNK = 200
_RARE = 20
"""A search finds one row of so many, or fewer."""
_LAST = (1 << 63) - 1
_ALL = WordTable("words", 0)
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


class _NewestRows(NamedTuple):
    """The rows in `docs` of the hits that were captured last, the last one first, and the tables in
    which they were found; `more` hits than these are there."""

    places: list[int]
    tables: list[WordTable]
    more: bool


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
        self._first, self._last = self._ends(days)

    def count(self) -> int:
        """How many there are; not more than one above `MOST_RANKED` are counted."""
        return len(self._newest.places) + self._newest.more

    def places(self) -> Iterator[LinePlace]:
        """Where the lines of all hits are, in no order."""
        rows = self._each(_ALL, _PLACE)
        return (LinePlace(*row) for row in rows)

    def ranked(self, *, weighed: bool = True) -> Iterator[Hit]:
        """All hits, what fits best first. Not `weighed`: as is said above for too many hits."""
        if weighed:
            order = "ORDER BY score, published DESC, place DESC"
            rows = self._each(_ALL, f"{_HIT}, {_WEIGHTS} AS score", order)
            return (_hit(row, 0, row["score"]) for row in rows)
        return chain(self._latest(), self._older())

    def dated(self) -> Iterator[Hit]:
        """All hits, what was published last first."""
        newest, order = self._newest, "ORDER BY published DESC, place DESC"
        if not newest.more:
            among = ", ".join(map(str, newest.places))
            rows = self._database.rows(f"SELECT place FROM docs WHERE place IN ({among}) {order}")
            return self._of(row["place"] for row in rows)
        # If they are rare, to look at one article after the other would take long.
        if newest.places[0] - newest.places[-1] > _RARE * MOST_RANKED:
            some, values = self._asked(_ALL, "place, published", f"LIMIT {_MOST_SORTED}")
            rows = self._database.rows(f"SELECT place FROM ({some}) {order}", values)
            if len(rows) < _MOST_SORTED:
                return self._of(row["place"] for row in rows)
        docs = f"SELECT place FROM docs WHERE {self._docs} ORDER BY published DESC"
        places = (row["place"] for row in self._database.each(docs, self._doc_values))
        return self._of(self._held(places))

    def _ends(self, days: DayRange) -> tuple[int, int]:
        """Between which rows all texts of these days are, if that is worth knowing. A month was
        captured in a few runs as a rule, so its rows are beside each other."""
        if days == EVER:
            return 0, _LAST
        terms, values = _terms(days)
        [row] = self._database.rows(
            "SELECT min(place) AS low, max(place) AS high, count(*) AS n FROM"
            f" (SELECT place FROM docs WHERE {' AND '.join(terms)} LIMIT ?)",
            [*values, _MOST_BOUNDED],
        )
        if row["n"] < _MOST_BOUNDED:
            return row["low"] or 0, row["high"] or 0
        with self._database.snapshot():
            return rows_of(self._database, days) or (0, _LAST)

    @cached_property
    def _newest(self) -> _NewestRows:
        """At most `MOST_RANKED` hits. If there are so many in the slices, nothing else is read."""
        found: list[int] = []
        tables: list[WordTable] = []
        last = self._last
        with self._database.snapshot():
            for table in [*slices(self._database), _ALL]:
                if table.first > last:
                    continue
                if len(found) > MOST_RANKED or last < self._first:
                    break
                order = f"ORDER BY {table.name}.rowid DESC LIMIT {MOST_RANKED + 1 - len(found)}"
                found += self._places(table, order, last=last)
                tables.append(table)
                last = table.first - 1
        return _NewestRows(found[:MOST_RANKED], tables, len(found) > MOST_RANKED)

    def _latest(self) -> Iterator[Hit]:
        """The newest hits, those with the words in the title first."""
        newest = dict.fromkeys(self._newest.places)
        for place in self._titled():
            # What the search leaves out may stand in the text below such a title.
            if place in newest:
                del newest[place]
                yield from self._of([place], 1)
        yield from self._of(newest, 2)

    def _titled(self) -> Iterator[int]:
        """The rows with the words in the title, as far back as the newest hits go."""
        sought = f"{{title}} : ({self._expression})"
        if not self._newest.places:
            return
        first, last = self._newest.places[-1], _LAST
        for table in () if _ALL in self._newest.tables else self._newest.tables:
            with self._database.snapshot():
                if table not in slices(self._database):
                    break
                order = f"ORDER BY {table.name}.rowid DESC"
                found = self._places(table, order, first=first, last=last, expression=sought)
            yield from found
            last = table.first - 1
        if last >= first:
            order = "ORDER BY words.rowid DESC"
            for row in self._each(_ALL, "place", order, first=first, last=last, expression=sought):
                yield row["place"]

    def _older(self) -> Iterator[Hit]:
        """The hits before the newest ones."""
        if self._newest.more:
            order = "ORDER BY words.rowid DESC"
            for row in self._each(_ALL, _HIT, order, last=self._newest.places[-1] - 1):
                yield _hit(row, 3)

    def _held(self, places: Iterator[int]) -> Iterator[int]:
        """Those of `places` that are hits, if there are `more` than the newest ones."""
        held = set(self._newest.places)
        oldest = self._newest.places[-1]
        is_whole = False
        while chunk := list(islice(places, _CHUNK)):
            unknown = [place for place in chunk if place < oldest]
            if unknown and not self._is_wide:
                among = f"AND words.rowid IN ({', '.join(map(str, unknown))})"
                held.update(self._places(_ALL, among))
            elif unknown and not is_whole:
                # To look up each row takes long then, but the set of all rows is there soon.
                rows = self._database.each(
                    "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?",
                    [self._expression, self._first, self._last],
                )
                held.update(row["rowid"] for row in rows)
                is_whole = True
            yield from (place for place in chunk if place in held)

    def _places(self, table: WordTable, tail: str = "", **more: Any) -> list[int]:
        """Rows that are hits."""
        return [row["place"] for row in self._each(table, "place", tail, **more)]

    def _each(self, table: WordTable, columns: str, tail: str = "", **more: Any) -> Iterator[Any]:
        return self._database.each(*self._asked(table, columns, tail, **more))

    def _asked(
        self,
        table: WordTable,
        columns: str,
        tail: str,
        *,
        first: int = 0,
        last: int = _LAST,
        expression: str | None = None,
    ) -> tuple[str, list[Any]]:
        """The SQL for `columns` of the hits in a table, from the row `first` to `last`, and its
        values."""
        ends = [max(first, self._first), min(last, self._last)]
        # CROSS JOIN keeps the order of the tables: the words are looked up first.
        sql = (
            f"SELECT {columns} FROM {table.name} CROSS JOIN docs ON place = {table.name}.rowid"
            f" WHERE {self._docs} AND {table.name} MATCH ?"
            f" AND {table.name}.rowid BETWEEN ? AND ? {tail}"
        )
        return sql, [*self._doc_values, expression or self._expression, *ends]

    def _of(self, places: Iterable[int], tier: int = 0) -> Iterator[Hit]:
        """The hits in these rows."""
        sql = f"SELECT {_HIT} FROM docs WHERE place = ?"
        for place in places:
            for row in self._database.each(sql, (place,)):
                yield _hit(row, tier)


def _terms(days: DayRange) -> tuple[list[str], list[Any]]:
    """SQL conditions for the rows of `docs` of these days, and their values."""
    asked = {"published >= ?": days.begin, "published < ?": days.end}
    return [t for t, value in asked.items() if value], [value for value in asked.values() if value]


def _hit(row: Any, tier: int, score: float = 0) -> Hit:
    place = LinePlace(row["name"], row["offset"], row["length"])
    key = (tier, score, -_newness(row["published"]))
    return Hit(key, row["id"], row["version"], row["published"], place)


def _newness(published: str | None) -> float:
    """Greater for a later instant."""
    return int(_NO_DIGIT.sub("", published)) if published else 0
