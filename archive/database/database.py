"""The SQLite file under the index. Errors of SQLite are raised as baygan's own.

A full disk, a lock or a write-protected folder is WriteFailed (FolderError when opening), a
file that is no database or a broken one is Damaged.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from archive.database import soundness
from archive.errors import Damaged, FolderError, WriteFailed
from archive.files.failpoint import passing
from archive.text.fold import well_formed

_PATIENCE = 30.0
_MOST = 1 << 63
_TOLD = (sqlite3.DatabaseError, OSError)
_ANEW = (
    "No article is lost: the next crawl that notices moves it to quarantine and makes it anew from"
    " the lines. If you delete it, the next crawl does so at once."
)


class Database:
    """The database at `path`. With `write` it is made if it is missing, and given `schema`.

    `steps` is SQL, one text for each earlier version: it brings a file to the next version, and
    `behind` is SQL for what is made once all columns are there. A reader does that in a copy in
    memory. `functions` (text to text) can be called in the steps by their names. FolderError if the
    file has a later version than the schema. `when_broken` is a sentence for the error, what is
    safe and what to do.

    With `check` a writer looks at every page, once a week and when the last writer did not close
    the file or found it broken (archive.database.soundness).
    """

    def __init__(
        self,
        path: Path,
        schema: str,
        steps: Sequence[str] = (),
        *,
        behind: str = "",
        write: bool = False,
        functions: Mapping[str, Callable[[str], str]] | None = None,
        check: bool = False,
        when_broken: str = _ANEW,
    ) -> None:
        self.path = path
        self._check = check and write
        self._when_broken = when_broken
        self._functions = functions or {}
        self._is_sound = True
        try:
            self._sqlite = self._writable() if write else self._readable()
        except sqlite3.OperationalError as error:
            raise FolderError(
                f"cannot open {path}: {error}. Nothing was fetched."
                " Make the folder writable and see that the disk has room."
            ) from None
        except _TOLD as error:
            raise self._told(error) from None
        try:
            self._prepare(schema, steps, behind, write)
        except _TOLD as error:
            self._sqlite.close()
            raise self._told(error) from None
        except BaseException:
            self._sqlite.close()
            raise
        self._sqlite.row_factory = sqlite3.Row

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        try:
            return self._sqlite.execute(sql, _storable(values)).fetchall()
        except _TOLD as error:
            raise self._told(error) from None

    def each(self, sql: str, values: Iterable[Any] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a query one by one, where there may be many."""
        try:
            # Not `yield from`: that would call the cursor's close() when nobody wants further rows,
            # which fails if the database is closed already.
            for row in self._sqlite.execute(sql, _storable(values)):  # noqa: UP028
                yield row
        except _TOLD as error:
            raise self._told(error) from None

    def run(self, sql: str, values: Iterable[Any] = ()) -> int:
        """Execute one statement; return how many rows it changed."""
        try:
            return self._sqlite.execute(sql, _storable(values)).rowcount
        except _TOLD as error:
            raise self._told(error) from None

    def run_many(self, sql: str, rows: Iterable[Iterable[Any]]) -> None:
        """Execute one statement for each of `rows`."""
        try:
            self._sqlite.executemany(sql, map(_storable, rows))
        except _TOLD as error:
            raise self._told(error) from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all changes of the block or, if it fails, none."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            try:
                passing("index.commit")
                self._sqlite.execute("COMMIT")
                passing("index.committed")
            except _TOLD as error:
                raise self._told(error) from None
        except BaseException:
            # SQLite has rolled back by itself where it could not go on.
            if self._sqlite.in_transaction:
                self._sqlite.rollback()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What the block reads is of one moment."""
        self.run("BEGIN")
        try:
            yield
        finally:
            # What is read at the same time goes on, which a rollback would end.
            self.run("COMMIT")

    def close(self) -> None:
        """Close; closing twice does nothing."""
        if self._check and self._is_sound:
            # An error only means that the next writer looks at every page.
            with suppress(sqlite3.Error):
                soundness.close(self._sqlite, self._week)
        self._sqlite.close()

    def _writable(self) -> sqlite3.Connection:
        # A run ends in another thread than it began in; no two ever use it at once.
        database = sqlite3.connect(
            self.path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        return _begun(database, "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL")

    def _readable(self) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode=ro"
        try:
            return self._opened(address)
        except sqlite3.OperationalError:
            # On a write-protected disk SQLite cannot make its -shm file, nor does it need one.
            if self.path.with_name(self.path.name + "-wal").exists():
                raise
            return self._opened(f"{address}&immutable=1")

    @staticmethod
    def _opened(address: str) -> sqlite3.Connection:
        database = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
        return _begun(database, "SELECT count(*) FROM sqlite_master")

    def _prepare(self, schema: str, steps: Sequence[str], behind: str, write: bool) -> None:
        version = len(steps) + 1
        [found] = self._sqlite.execute("PRAGMA user_version").fetchone()
        if write and found > version:
            raise FolderError(
                f"{self.path} was made by a newer baygan. Nothing was changed. Install"
                " that one, or move the file away: it is made anew from the lines."
            )
        if self._check:
            self._week = soundness.week(self.path)
            if broken := soundness.open_checked(self._sqlite, self._week):
                raise Damaged(f"{self.path} is broken: {broken}. Nothing was changed.")
        if found >= version:
            return
        if not write:
            # Its writer is about to make the tables, or the next one to bring them up to date.
            copy = sqlite3.connect(":memory:", isolation_level=None)
            if found:
                self._sqlite.backup(copy)
            self._sqlite.close()
            self._sqlite = copy
        for name, function in self._functions.items():
            self._sqlite.create_function(name, 1, function, deterministic=True)
        missed = "; ".join(steps[found - 1 :] if found else ())
        self._sqlite.executescript(
            f"BEGIN; {schema}; {missed}; {behind}; PRAGMA user_version = {version}; COMMIT"
        )

    def _told(self, error: sqlite3.DatabaseError | OSError) -> WriteFailed | Damaged:
        """What baygan raises instead of `error`."""
        if isinstance(error, (sqlite3.OperationalError, OSError)):
            return WriteFailed(
                f"{self.path} cannot be used: {error}. What was acknowledged is safe;"
                " when there is room, run it again and it goes on."
            )
        self._is_sound = False
        return Damaged(f"{self.path} is broken: {error}. {self._when_broken}")


def _storable(values: Iterable[Any]) -> tuple[Any, ...]:
    # Most values need no look; a call for each would take longer than SQLite does.
    return tuple(
        [
            value
            if value is None or (type(value) is str and value.isascii())
            else _as_stored(value)
            for value in values
        ]
    )


def _as_stored(value: Any) -> Any:
    """`value` as SQLite takes it: text without halves of characters; a number of more than 64 bits,
    which a line that others have written may have, is none."""
    if isinstance(value, str):
        return well_formed(value)
    return None if isinstance(value, int) and not -_MOST <= value < _MOST else value


def _begun(database: sqlite3.Connection, *statements: str) -> sqlite3.Connection:
    """`database` after these statements; it is closed if one of them fails."""
    try:
        for statement in statements:
            database.execute(statement)
    except BaseException:
        database.close()
        raise
    return database
