"""Parquet, written by duckdb: a typed file that pandas, polars, R and `datasets` read as it is.

duckdb is the extra `baygan[table]`; nothing else in baygan needs it. It reads the rows from a pipe,
so that they are nowhere else on the disk, and it writes row groups of a few thousand articles, so
that memory does not grow with the archive.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

from archive.errors import UsageError
from archive.files.replaced_file import not_written, replaced
from archive.jsonl.article_line import encode
from archive.tables.column import Column, ColumnType
from archive.tables.line_columns import row_of

_TYPES = {
    ColumnType.TEXT: "VARCHAR",
    ColumnType.INTEGER: "BIGINT",
    ColumnType.INSTANT: "TIMESTAMPTZ",
    ColumnType.TEXTS: "VARCHAR[]",
    ColumnType.JSON: "VARCHAR",
}
_ROW_GROUP = 4096
# The longest row, in bytes: a page has at most 16 MiB, and JSON may escape each byte of its text.
_LONGEST = 1 << 28
_SETTINGS = {
    "threads": 1,
    "memory_limit": "1GB",
    # Nothing is fetched from anywhere while an archive is exported.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def write_parquet(
    path: Path, lines: Iterable[Mapping[str, Any]], columns: tuple[Column, ...]
) -> None:
    """Write these columns of `lines` to `path`; an old file there is replaced at the end.

    The sentences about the columns stand in the file's own metadata, under `columns`. UsageError
    without duckdb; FolderError if the file cannot be written.
    """
    need_duckdb()
    with replaced(path) as part:
        fill_parquet(part, lines, columns, path)


def fill_parquet(
    part: Path, lines: Iterable[Mapping[str, Any]], columns: tuple[Column, ...], target: Path
) -> None:
    """As `write_parquet`, into the new file `part`, which the caller puts in its place. An error
    names `target`."""
    duckdb = need_duckdb()
    # duckdb would say less well why a file cannot be made.
    part.touch(exist_ok=False)
    try:
        with duckdb.connect(config=_SETTINGS) as database:
            database.execute("SET TimeZone = 'UTC'")
            with _reading(database, _copy(part, columns)) as rows:
                for line in lines:
                    rows.write(encode(row_of(line, columns)))
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise not_written(target, _reason(error)) from None


@contextmanager
def _reading(database: Any, copy: str) -> Iterator[Any]:
    """A file whose lines duckdb reads, in another thread, while it carries out `copy`. At the end
    of the block it has read them all; its error is raised."""
    source, sink = os.pipe()
    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(_carry_out, database, copy, source)
        # A broken pipe has a reason, which `done` tells.
        with suppress(BrokenPipeError), os.fdopen(sink, "wb", 1 << 16) as rows:
            yield rows
        done.result()


def _carry_out(database: Any, copy: str, source: int) -> None:
    try:
        database.execute(copy, [f"/proc/self/fd/{source}"])
    finally:
        # Whoever still writes gets a BrokenPipeError, and does not wait for ever.
        os.close(source)


def _copy(part: Path, columns: tuple[Column, ...]) -> str:
    types = ", ".join(f"{_quoted(c.name)}: {_literal(_TYPES[c.type])}" for c in columns)
    told = json.dumps({column.name: column.what for column in columns}, ensure_ascii=False)
    return (
        "COPY (SELECT * FROM read_json(?, format = 'newline_delimited', auto_detect = false,"
        f" maximum_object_size = {_LONGEST}, columns = {{{types}}}))"
        f" TO {_literal(str(part))} (FORMAT parquet, COMPRESSION zstd,"
        f" ROW_GROUP_SIZE {_ROW_GROUP}, KV_METADATA {{columns: {_literal(told)}}})"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def need_duckdb() -> ModuleType:
    """duckdb; UsageError if it is not installed, which says how to install it."""
    try:
        import duckdb
    except ImportError:
        raise UsageError(
            "Parquet needs duckdb, which is not installed here. Nothing was written. Install it"
            " into baygan's environment with: pip install 'baygan[table]' (with pipx:"
            " pipx inject baygan duckdb), or use --sqlite, which needs nothing."
        ) from None
    return duckdb


def _reason(error: Exception) -> str:
    """What duckdb says, without its own class and on one line."""
    return " ".join(str(error).rpartition("Error: ")[2].split()).rstrip(".")
