"""Every record and every line of a site in a temporary database, to compare them.

A site can have millions of both. SQLite keeps them on the disk; closing deletes them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from archive.check.finding import Finding
from archive.check.warcs import Aside, Row

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE records (
    id TEXT, kind TEXT, file TEXT, offset INTEGER, length INTEGER, digest TEXT,
    uri TEXT, date TEXT, refers TEXT, refers_uri TEXT, refers_date TEXT
);
CREATE TABLE lines (
    file TEXT, offset INTEGER, length INTEGER, id TEXT, version INTEGER, text TEXT,
    record TEXT, warc TEXT, warc_offset INTEGER, warc_length INTEGER, payload TEXT, page INTEGER
);
CREATE TABLE known (id TEXT, version INTEGER, file TEXT, offset INTEGER, length INTEGER);
"""
_INDEXES = """
CREATE INDEX record_id ON records (id);
CREATE INDEX text_of ON records (refers) WHERE kind = 'conversion';
CREATE INDEX line_record ON lines (record);
CREATE INDEX line_id ON lines (id, version);
"""
_BATCH = 5000
_R = TypeVar("_R")


class LineRow(NamedTuple):
    """What is remembered of a line: its place, its ID and version, the SHA-256 that its text record
    must have, and the `warc` key. An article of several pages has a row for each page, counted
    from 0."""

    file: str
    offset: int
    length: int
    id: str
    version: int
    text: str
    record: str
    warc: str
    warc_offset: int
    warc_length: int
    payload: str
    page: int


class PagePlace(NamedTuple):
    """A line, and where the response with its page is."""

    line_file: str
    line_offset: int
    id: str
    file: str
    offset: int
    length: int


class Ledger:
    """First add all records and lines of a site, then call `close_books`, then ask the questions:
    each returns findings where something does not agree."""

    def __init__(self) -> None:
        # With an empty name SQLite makes a temporary file that nobody else sees.
        self._sqlite = sqlite3.connect("", isolation_level=None)
        self._sqlite.executescript(_TABLES)

    def close(self) -> None:
        """Close; the database is gone."""
        self._sqlite.close()

    def add_records(self, rows: Iterable[Row | Aside]) -> int:
        """Add records; return how many."""
        count = 0
        for batch in _batches(rows):
            self._add("records", Row._fields, [row for row in batch if isinstance(row, Row)])
            self._add("records", Aside._fields, [row for row in batch if isinstance(row, Aside)])
            count += len(batch)
        return count

    def add_lines(self, rows: Iterable[LineRow]) -> None:
        """Add lines."""
        for batch in _batches(rows):
            self._add("lines", LineRow._fields, batch)

    def add_known(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Add the rows of the index: ID, version, file, offset, length."""
        for batch in _batches(rows):
            self._add("known", ("id", "version", "file", "offset", "length"), batch)

    def _add(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        places = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
        self._sqlite.execute("BEGIN")
        # sqlite3 takes plain tuples faster than named ones.
        self._sqlite.executemany(sql, map(tuple, rows))
        self._sqlite.execute("COMMIT")

    def count_lines(self) -> int:
        """How many lines were added."""
        [row] = self._sqlite.execute("SELECT count(*) FROM lines WHERE page = 0")
        return int(row[0])

    def close_books(self) -> None:
        """Call this once everything was added: it makes the indexes that the questions need."""
        self._sqlite.executescript(_INDEXES)

    def doubles(self) -> Iterator[Finding]:
        """Records that have the same ID as another one."""
        for file, offset, name in self._sqlite.execute(
            "SELECT file, offset, id FROM records WHERE id IN"
            " (SELECT id FROM records GROUP BY id HAVING count(*) > 1) ORDER BY id, file, offset"
        ):
            yield Finding(file, offset, "another record has this ID, too", name)

    def dangling(self) -> Iterator[tuple[Finding, bool]]:
        """Conversions and revisits that refer to no response, or not to the one they describe; and
        whether there is nothing at all."""
        for file, offset, name, kind, there, same in self._sqlite.execute(
            "SELECT r.file, r.offset, r.id, r.kind, t.kind, r.refers_uri = t.uri AND"
            " r.refers_date = t.date AND (r.digest = '' OR r.digest = t.digest)"
            " FROM records AS r LEFT JOIN records AS t ON t.id = r.refers"
            " WHERE r.refers IS NOT NULL"
        ):
            if there is None:
                yield Finding(file, offset, "WARC-Refers-To leads to no record here", name), True
            elif there not in ("response", "revisit", "resource"):
                what = f"WARC-Refers-To leads to a {there} record"
                yield Finding(file, offset, what, name), False
            elif kind == "revisit" and not (same and there == "response"):
                what = "the record it refers to has another address, date or payload"
                yield Finding(file, offset, what, name), False

    def unresolved(self) -> Iterator[tuple[Finding, str]]:
        """Lines that do not lead to their record; with the WARC file of each."""
        for file, offset, name, warc, at, there, same in self._sqlite.execute(
            "SELECT l.file, l.offset, l.id, l.warc, l.warc_offset, r.kind, l.warc = r.file"
            " AND l.warc_offset = r.offset AND l.warc_length = r.length AND l.payload = r.digest"
            " FROM lines AS l LEFT JOIN records AS r ON r.id = l.record ORDER BY l.file, l.offset"
        ):
            if there is None:
                what = f"its page is not (or not whole) in {warc} at byte {at}"
                yield Finding(file, offset, what, name), warc
            elif there not in ("response", "revisit", "resource") or not same:
                what = "the record it names has another place, type or payload"
                yield Finding(file, offset, what, name), warc

    def textless(self) -> Iterator[tuple[Finding, str]]:
        """Lines whose text record is missing or has another text; with the WARC file of each."""
        for file, offset, name, warc, there in self._sqlite.execute(
            "SELECT l.file, l.offset, l.id, l.warc, (SELECT count(*) FROM records AS t WHERE"
            " t.kind = 'conversion' AND t.refers = l.record) AS there FROM lines AS l WHERE"
            " l.page = 0 AND NOT EXISTS (SELECT 1 FROM records AS t WHERE t.kind = 'conversion'"
            " AND t.refers = l.record AND t.digest = l.text) ORDER BY l.file, l.offset"
        ):
            what = "its text record has another text" if there else "it has no text record"
            yield Finding(file, offset, what, name), warc

    def lineless(self) -> Iterator[Finding]:
        """Text records without a line."""
        for file, offset, name in self._sqlite.execute(
            "SELECT file, offset, id FROM records WHERE kind = 'conversion'"
            " AND NOT EXISTS (SELECT 1 FROM lines WHERE record = refers) ORDER BY file, offset"
        ):
            yield Finding(file, offset, "no line has this text's page", name)

    def misnumbered(self) -> Iterator[Finding]:
        """Articles whose versions are not 1, 2, 3 …"""
        for file, offset, name, versions in self._sqlite.execute(
            "SELECT file, min(offset), id, group_concat(version, ', ') FROM lines WHERE page = 0"
            " GROUP BY id"
            " HAVING min(version) <> 1 OR max(version) <> count(*)"
            " OR count(DISTINCT version) <> count(*)"
        ):
            what = f"its versions are {versions}; they should count from 1 without a gap"
            yield Finding(file, offset, what, name)

    def unknown(self) -> Iterator[tuple[Finding, int]]:
        """Lines that the index does not have, or has otherwise; with the end of each."""
        for file, offset, length, name in self._sqlite.execute(
            "SELECT file, offset, length, id FROM (SELECT file, offset, length, id, version"
            " FROM lines WHERE page = 0 EXCEPT SELECT file, offset, length, id, version FROM known)"
            " ORDER BY file, offset"
        ):
            yield Finding(file, offset, "index.db does not have this line", name), offset + length

    def unwritten(self) -> Iterator[Finding]:
        """Rows of the index for which there is no line."""
        for file, offset, name in self._sqlite.execute(
            "SELECT file, offset, id FROM (SELECT file, offset, length, id, version FROM known"
            " EXCEPT SELECT file, offset, length, id, version FROM lines) ORDER BY file, offset"
        ):
            yield Finding(file, offset, "index.db names a line that is not there", name)

    def pages(self) -> Iterator[PagePlace]:
        """Where the page of every line is stored, file by file."""
        for row in self._sqlite.execute(
            "SELECT l.file, l.offset, l.id, r.file, r.offset, r.length FROM lines AS l"
            " JOIN records AS r ON r.id = l.record AND r.kind = 'response'"
            " ORDER BY r.file, r.offset"
        ):
            yield PagePlace(*row)


def _batches(rows: Iterable[_R]) -> Iterator[list[_R]]:
    """The rows in batches that fit in memory."""
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch
