"""How many pages there are of each sort. SQLite's own triggers keep the counts while pages change,
so that nobody has to count a million pages in a night in which nothing is new.

A row of `page_counts` is a sort: type, whether the ID is known, whether the page is missing, state,
reason, and the day by which `since` decides. What is unknown is an empty text there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archive.times.days import FIRST_GREGORIAN_YEAR

if TYPE_CHECKING:
    from archive.database.database import Database

PAGE_COUNTS = """
CREATE TABLE IF NOT EXISTS page_counts (
    post_type TEXT, numbered INTEGER, missing INTEGER, state TEXT, reason TEXT, day TEXT,
    pages INTEGER NOT NULL,
    PRIMARY KEY (post_type, numbered, missing, state, reason, day)
) STRICT, WITHOUT ROWID;
"""
UNKNOWN_DAY = "~"
"""The day of a page of which no date is known: behind all others."""


def real(name: str) -> str:
    """SQL for the date in this column. A Jalali year, or the first day of Unix time, is none."""
    return (
        f"iif({name} >= '{FIRST_GREGORIAN_YEAR}'"
        f" AND {name} NOT BETWEEN '1969-12-31' AND '1970-01-02', {name}, NULL)"
    )


def sort_of(row: str = "") -> str:
    """SQL for the key in `page_counts` of a row of `pages` (`new.`, `old.`)."""
    day = f"coalesce({real(f'{row}local')}, {real(f'{row}published')}, '{UNKNOWN_DAY}')"
    return (
        f"coalesce({row}post_type, ''), {row}post_id IS NOT NULL, {row}missing IS NOT NULL,"
        f" {row}state, coalesce({row}reason, ''), substr({day}, 1, 10)"
    )


_KEY = "(post_type, numbered, missing, state, reason, day)"
_ONE_MORE = (
    f"INSERT INTO page_counts VALUES ({sort_of('new.')}, 1)"
    f" ON CONFLICT {_KEY} DO UPDATE SET pages = pages + 1"
)
_OLD = f"FROM page_counts WHERE {_KEY} = ({sort_of('old.')})"
_ONE_LESS = (
    f"UPDATE page_counts SET pages = pages - 1 WHERE {_KEY} = ({sort_of('old.')});"
    f" DELETE {_OLD} AND pages = 0"
)
_COLUMNS = ("post_type", "post_id", "missing", "state", "reason", "local", "published")
_CHANGED = " OR ".join(f"old.{name} IS NOT new.{name}" for name in _COLUMNS)
COUNTING = f"""
CREATE TRIGGER IF NOT EXISTS page_added AFTER INSERT ON pages BEGIN {_ONE_MORE}; END;
CREATE TRIGGER IF NOT EXISTS page_dropped AFTER DELETE ON pages BEGIN {_ONE_LESS}; END;
CREATE TRIGGER IF NOT EXISTS page_changed AFTER UPDATE OF {", ".join(_COLUMNS)} ON pages
    WHEN {_CHANGED} BEGIN {_ONE_LESS}; {_ONE_MORE}; END;
"""
"""The triggers; all columns of `pages` must be there."""


class PageCounts:
    """The counts in `database`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by(self, *columns: str, where: str = "true", values: Sequence[Any] = ()) -> dict[Any, int]:
        """How many pages there are where this is true, by the values of the `columns`; of several
        columns the key is a tuple."""
        named = ", ".join(columns)
        rows = self._database.each(
            f"SELECT sum(pages) AS n, {named} FROM page_counts WHERE {where} GROUP BY {named}",
            values,
        )
        several = len(columns) > 1
        return {tuple(row[1:]) if several else row[1]: row["n"] for row in rows}

    def total(self, where: str, values: Sequence[Any] = ()) -> int:
        """How many pages there are where this is true."""
        [row] = self._database.rows(
            f"SELECT coalesce(sum(pages), 0) AS n FROM page_counts WHERE {where}", values
        )
        return int(row["n"])
