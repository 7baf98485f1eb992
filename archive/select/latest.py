"""The words of the versions that were captured last, once more, in small tables of their own.

To find in which of a million texts a word begins with «شهر» SQLite reads the places of all words
that begin so, also if the first page has room for twenty articles. So search.db of a large site has
the words of its last rows once more, `SLICE` rows in a table. A search that finds enough there
needs to look nowhere else. They are at most a twentieth of all rows, so that the file is hardly
larger, and a small site, which is searched soon in any case, has none.

A row belongs to the slice `row // SLICE`, and that one is in the table `slice % SLICES`: a new
slice takes the place of the oldest one. The table `latest` tells which rows are there. For all
slices, also those whose words are not here any more, `days` has the first and the last instant at
which one of its articles was published. All of it may be missing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from archive.database.database import Database
from archive.errors import Damaged
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines, LinePlace
from archive.select.spellings import AFFIXES
from archive.text.words import words_of
from archive.times.day_range import DayRange

SLICE = 6_250
SLICES = 8
SHARE = 20
"""One of so many rows is in a slice at most."""
COLUMNS = """
    body, title, parts,  -- a word in the first column takes two bytes less
    content = '',
    tokenize = 'ascii'  -- they are folded already; this one changes no other letter
"""
"""Of each table of words."""
_STATE = "CREATE TABLE IF NOT EXISTS latest (first INTEGER NOT NULL, last INTEGER NOT NULL) STRICT"
_DAYS = "CREATE TABLE IF NOT EXISTS days (slice INTEGER PRIMARY KEY, low TEXT, high TEXT) STRICT"
_COUNT_DAYS = """
INSERT OR REPLACE INTO days SELECT place / ?1, min(published), max(published) FROM docs
WHERE place BETWEEN (SELECT coalesce(max(slice), 0) FROM days) * ?1 AND ?2 GROUP BY place / ?1
"""
_BATCH = 500


class WordTable(NamedTuple):
    """The table `name` has the words of the rows from `first` on, up to the next slice."""

    name: str
    first: int


def word_columns(line: ArticleLine) -> tuple[str, str, str]:
    """What stands in the columns body, title and parts for this line."""
    title, body = words_of(line["title"] or ""), words_of(line["text"])
    # They are looked for one by one, so each stands there once.
    parts = {*title.parts, *body.parts} - {*title.whole, *body.whole} - AFFIXES
    return " ".join(body.whole), " ".join(title.whole), " ".join(sorted(parts))


def slices(database: Database) -> list[WordTable]:
    """All of them, that with the last row first. None if rows behind them are missing."""
    first, last = _held(database)
    if not last or last != _last_row(database):
        return []
    return [
        WordTable(_table(number), max(first, number * SLICE))
        for number in range(last // SLICE, first // SLICE - 1, -1)
    ]


def rows_of(database: Database, days: DayRange) -> tuple[int, int] | None:
    """Between which rows all articles of these days are; None if that is not known."""
    if not slices(database):
        return None
    [row] = database.rows(
        "SELECT coalesce(min(slice), 0) AS low, coalesce(max(slice), -1) AS high FROM days"
        " WHERE high >= ? AND low < ?",
        (days.begin or "", days.end or "~"),
    )
    return row["low"] * SLICE, row["high"] * SLICE + SLICE - 1


def keep_latest(database: Database, lines: ArticleLines, end: float | None = None) -> None:
    """Bring the slices up to the last row. At the instant `end` (time.monotonic) the rest is left
    to the next call, and so it is from a line on that cannot be read."""
    last = _last_row(database)
    kept = min(SLICES, last // SHARE // SLICE)
    begin = (last // SLICE - kept + 1) * SLICE
    held = _held(database)
    at = max(held[1] + 1, begin)
    while kept and at <= last and (end is None or time.monotonic() < end):
        # A batch is of one slice.
        upto = min(at + _BATCH - 1, last, at // SLICE * SLICE + SLICE - 1)
        try:
            texts = list(_texts(database, lines, at, upto))
        except Damaged:
            return
        with database.transaction():
            if _held(database) != held:
                return  # another process does it
            if at % SLICE == 0:
                _begin(database, at // SLICE, begin // SLICE)
            database.run_many(
                f"INSERT INTO {_table(at // SLICE)} (rowid, body, title, parts)"
                " VALUES (?, ?, ?, ?)",
                texts,
            )
            database.run(_COUNT_DAYS, (SLICE, upto))
            held = (max(held[0], begin), upto)
            database.run("DELETE FROM latest")
            database.run("INSERT INTO latest VALUES (?, ?)", held)
        at = upto + 1


def _begin(database: Database, number: int, oldest: int) -> None:
    """An empty table for this slice; those before the `oldest` one are gone."""
    database.run(_STATE)
    database.run(_DAYS)
    for other in range(number - SLICES, oldest):
        database.run(f"DROP TABLE IF EXISTS {_table(other)}")
    database.run(f"DROP TABLE IF EXISTS {_table(number)}")
    database.run(f"CREATE VIRTUAL TABLE {_table(number)} USING fts5 ({COLUMNS})")


def _texts(
    database: Database, lines: ArticleLines, first: int, last: int
) -> Iterator[tuple[int, str, str, str]]:
    """The rows from `first` to `last` with their words."""
    rows = database.rows(
        "SELECT place, name, offset, length FROM docs JOIN files USING (file)"
        " WHERE place BETWEEN ? AND ? ORDER BY place",
        (first, last),
    )
    places = [LinePlace(row["name"], row["offset"], row["length"]) for row in rows]
    for row, (_, line) in zip(rows, lines.read_each(places), strict=True):
        yield row["place"], *word_columns(line)


def _held(database: Database) -> tuple[int, int]:
    """The first and the last row in the slices; (0, 0) if there are none."""
    if not database.rows("SELECT 1 FROM sqlite_schema WHERE name = 'latest'"):
        return 0, 0
    rows = database.rows("SELECT first, last FROM latest")
    return (rows[0]["first"], rows[0]["last"]) if rows else (0, 0)


def _last_row(database: Database) -> int:
    [row] = database.rows("SELECT coalesce(max(place), 0) AS place FROM docs")
    return int(row["place"])


def _table(number: int) -> str:
    return f"latest{number % SLICES}"
