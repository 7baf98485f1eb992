"""What index.db says about lines and seals. It is read without the code that writes it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archive.check.finding import Finding
from archive.index.state import MANIFEST_SIZE
from archive.layout import INDEX

_PATIENCE = 30.0


Rows = Iterator[tuple[Any, ...]]


class KnownRecords:
    """What the index at `path` holds; empty if there is none. `deep` reads all its pages.

    `take` is given the ID, version, file, offset and length of every version in it, as far as it
    lies within the `sizes` that the files had when the check began.
    """

    def __init__(
        self, path: Path, sizes: Mapping[str, int], take: Callable[[Rows], None], *, deep: bool
    ) -> None:
        self._sizes = sizes
        self._take = take
        self.findings: list[Finding] = []
        self.there = path.exists()
        self.marks: dict[str, int] = {}
        self.manifest = 0
        if self.there:
            try:
                self._read(path, "integrity_check(1)" if deep else "quick_check(1)")
            except sqlite3.DatabaseError as error:
                what = f"broken: {error}; the next crawl makes it anew from the lines"
                self.findings.append(Finding(INDEX, None, what))
                self.there = False

    def _read(self, path: Path, health: str) -> None:
        database = _opened(path)
        try:
            # One transaction, so that a crawl that writes meanwhile changes nothing for us.
            database.execute("BEGIN")
            [said] = database.execute(f"PRAGMA {health}").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            marks = database.execute("SELECT file, known FROM marks")
            self.marks = {f"articles/{file}": known for file, known in marks}
            [sealed] = database.execute(
                "SELECT max(value) FROM facts WHERE name = ?", (MANIFEST_SIZE,)
            ).fetchone()
            self.manifest = json.loads(sealed) if sealed else 0
            self._take(self._rows(database))
        finally:
            database.close()

    def _rows(self, database: sqlite3.Connection) -> Rows:
        for row in database.execute(
            "SELECT id, version, 'articles/' || file, offset, length FROM articles"
        ):
            if row[3] < self._sizes.get(row[2], row[3] + 1):
                yield row


def _opened(path: Path) -> sqlite3.Connection:
    """The database at `path`, for reading, on a write-protected disk too."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    try:
        database = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
        database.execute("SELECT count(*) FROM sqlite_master")
        return database
    except sqlite3.OperationalError:
        if path.with_name(path.name + "-wal").exists():
            raise
        return sqlite3.connect(f"{address}&immutable=1", uri=True, isolation_level=None)
