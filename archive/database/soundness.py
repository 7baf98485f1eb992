"""When every page of a database is looked at: once a week, and when it may be broken.

To look at all of them takes a second for a gigabyte, so it is not done in every run. A writer notes
that it has the file open, and when it closes it, in which week all pages were whole. If it was
killed, or found something broken, there is no week: then the next writer looks at every page.
"""

from __future__ import annotations

import sqlite3
import zlib
from datetime import UTC, datetime
from pathlib import Path

_HEALTH = "CREATE TABLE IF NOT EXISTS health (week INTEGER NOT NULL) STRICT"
_DAYS = 7
_OPEN = -1


def week(path: Path) -> int:
    """The number of this week. It begins on another day for each site, so that not all sites of a
    run are looked at in the same night."""
    shift = zlib.crc32(path.parent.name.encode()) % _DAYS
    return (datetime.now(UTC).toordinal() + shift) // _DAYS


def open_checked(database: sqlite3.Connection, now: int) -> str | None:
    """Note that a writer has the file open; look at every page if that was not done in the week
    `now`. Return what is broken, if something is."""
    database.execute(_HEALTH)
    row = database.execute("SELECT week FROM health").fetchone()
    if row is None or row[0] != now:
        [health] = database.execute("PRAGMA quick_check(1)").fetchone()
        if health != "ok":
            return str(health)
    _note(database, _OPEN)
    return None


def close(database: sqlite3.Connection, now: int) -> None:
    """Note that all pages were whole in the week `now`, and that all was written."""
    if not database.in_transaction:
        _note(database, now)


def _note(database: sqlite3.Connection, week: int) -> None:
    database.execute("INSERT OR REPLACE INTO health (rowid, week) VALUES (1, ?)", (week,))
