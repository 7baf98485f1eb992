"""search.db: which words stand in which version of an article. It is derived and may be deleted.

Its tables: `words` is the full-text index of SQLite (FTS5). It keeps no text, only where each word
stands: an article is read where it always was, in articles/. `docs` has a row for every version:
what it is, and the place of its line. `files` tells how far each file of lines was read. A large
file has the words of its last rows once more (archive.select.latest).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

from archive.database.database import Database
from archive.errors import Damaged, FolderError, WriteFailed
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines, LinePlace
from archive.layout import SEARCH_FILES
from archive.select.latest import COLUMNS, keep_latest, word_columns

_FORMAT = 1
"""Grows when a word is folded or kept in another way: then every search.db is made anew."""
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS format (number INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS files (
    file INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    known INTEGER NOT NULL,  -- up to this byte
    last INTEGER NOT NULL  -- the row in `docs` of the last line before it
) STRICT;
CREATE TABLE IF NOT EXISTS docs (
    place INTEGER PRIMARY KEY,  -- the rowid in `words`
    id TEXT NOT NULL, version INTEGER NOT NULL, newest INTEGER NOT NULL,
    published TEXT,  -- ISO 8601
    file INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS doc ON docs (id, version);
CREATE INDEX IF NOT EXISTS doc_published ON docs (published);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 ({COLUMNS});
"""
_ANEW = "No article is lost: delete the file, and the next search makes it anew."
_BATCH = 2000
_MANY = 20_000


class SearchIndex:
    """The words of one site's articles, in the file at `path`.

    With `write` it is made if it is missing. A file that is broken, or of another version of
    baygan, is deleted and made anew: nothing is in it that is not in the lines.
    """

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self.path = path
        try:
            self.database = self._opened(write=write)
        except Damaged:
            if not write:
                raise
            self.database = self._anew()

    def _opened(self, *, write: bool) -> Database:
        database = Database(self.path, _SCHEMA, write=write, check=False, when_broken=_ANEW)
        try:
            rows = database.rows("SELECT number FROM format")
            if write and not rows:
                database.run("INSERT INTO format VALUES (?)", (_FORMAT,))
            elif [row["number"] for row in rows] != [_FORMAT]:
                raise Damaged(f"{self.path} is of another version of baygan.")
        except BaseException:
            database.close()
            raise
        return database

    def _anew(self) -> Database:
        try:
            for name in SEARCH_FILES:
                self.path.with_name(name).unlink(missing_ok=True)
        except OSError as error:
            raise FolderError(f"cannot delete {self.path}: {error.strerror}.") from None
        return self._opened(write=True)

    def close(self) -> None:
        """Close; reading or writing afterwards fails."""
        self.database.close()

    def marks(self) -> dict[str, int]:
        """How many bytes of each file of lines are in it."""
        return {row["name"]: row["known"] for row in self.database.rows("SELECT * FROM files")}

    def holds(self, acknowledged: Mapping[str, int]) -> bool:
        """Whether it has the lines up to there: file name → bytes, as index.db knows them."""
        return self.marks() == dict(acknowledged)

    def catch_up(
        self, lines: ArticleLines, acknowledged: Mapping[str, int], seconds: float | None = None
    ) -> bool:
        """Read the `lines` that are not in it, up to `acknowledged` (see `holds`).

        Return whether it has all now. After so many `seconds` it leaves the rest to the next call.
        If the lines are not those that it read, it is made anew.
        """
        end = None if seconds is None else time.monotonic() + seconds
        if not self.fits(lines, acknowledged):
            self.database.close()
            self.database = self._anew()
        added = 0
        while not self.holds(acknowledged):
            if end is not None and time.monotonic() > end:
                return False
            with self.database.transaction():
                # Another process may have read them meanwhile.
                count = self._add(islice(lines.since(self.marks(), acknowledged), _BATCH))
                if not count and not self.holds(acknowledged):
                    raise Damaged(f"{lines.folder} and index.db do not agree. See: baygan check")
            added += count
        keep_latest(self.database, lines, end)
        if added >= _MANY:
            self._pack()
        return True

    def _pack(self) -> None:
        """Make the file smaller by a third; that takes as much room once more."""
        with suppress(WriteFailed):
            self.database.run("INSERT INTO words (words) VALUES ('optimize')")
            self.database.run("VACUUM")

    def fits(self, lines: ArticleLines, acknowledged: Mapping[str, int]) -> bool:
        """Whether the last line that it read of each file is there still. A rebuild makes other
        files of the same names."""
        if any(known > acknowledged.get(name, 0) for name, known in self.marks().items()):
            return False
        last = self.database.rows(
            "SELECT name, id, version, offset, length FROM files JOIN docs ON place = last"
        )
        try:
            for row in last:
                line = lines.read(LinePlace(row["name"], row["offset"], row["length"]))
                if (line["id"], line["version"]) != (row["id"], row["version"]):
                    return False
        except Damaged:
            return False
        return True

    def _add(self, found: Iterable[tuple[LinePlace, ArticleLine]]) -> int:
        [last] = self.database.rows("SELECT coalesce(max(place), 0) AS place FROM docs")
        ends: dict[str, tuple[int, int]] = {}
        files: dict[str, int] = {}
        number = first = int(last["place"])
        for number, (place, line) in enumerate(found, first + 1):
            if place.file not in files:
                files[place.file] = self._file(place.file)
            self._add_doc(number, line, place, files[place.file])
            self.database.run(
                "INSERT INTO words (rowid, body, title, parts) VALUES (?, ?, ?, ?)",
                (number, *word_columns(line)),
            )
            ends[place.file] = (place.offset + place.length, number)
        self.database.run_many(
            "UPDATE files SET known = ?, last = ? WHERE name = ?",
            [(*end, name) for name, end in ends.items()],
        )
        return number - first

    def _add_doc(self, number: int, line: ArticleLine, place: LinePlace, file: int) -> None:
        key = (line["id"], line["version"])
        rows = self.database.rows("SELECT max(version) AS version FROM docs WHERE id = ?", key[:1])
        known = rows[0]["version"]
        newest = known is None or known <= key[1]
        if known is not None:
            # If a version is there twice the later one counts, as in index.db. The words of the
            # other stay, but lead to no row any more.
            self.database.run("DELETE FROM docs WHERE id = ? AND version = ?", key)
            self.database.run(
                "UPDATE docs SET newest = 0 WHERE id = ? AND version < ? AND newest", key
            )
        self.database.run(
            "INSERT INTO docs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (number, *key, newest, line["published"], file, place.offset, place.length),
        )

    def _file(self, name: str) -> int:
        """The number of a file of lines."""
        self.database.run(
            "INSERT OR IGNORE INTO files (name, known, last) VALUES (?, 0, 0)", (name,)
        )
        [row] = self.database.rows("SELECT file FROM files WHERE name = ?", (name,))
        return int(row["file"])
