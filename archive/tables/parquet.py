"""Parquet, written by duckdb: a typed file that pandas, polars, R and `datasets` read as it is.

duckdb is the extra `baygan[table]`; nothing else in baygan needs it. It reads the rows from a
compressed file beside the target, and writes row groups of a few thousand articles. So memory does
not grow with the archive; of a pipe duckdb would keep all that it has read.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
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
# The longest row, in bytes. A page has at most 16 MiB, and duckdb takes twice this much memory.
_LONGEST = 1 << 26
_SETTINGS = {
    "threads": 1,
    "memory_limit": "1GB",
    "temp_directory": "",
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
    rows = part.with_name(f"{part.name}.rows.gz")
    try:
        with gzip.open(rows, "xb", compresslevel=1) as file:
            file.writelines(encode(row_of(line, columns)) for line in lines)
        with duckdb.connect(config=_SETTINGS) as database:
            database.execute("SET TimeZone = 'UTC'")
            database.execute(_copy(part, columns), [str(rows)])
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise not_written(target, _reason(error)) from None
    finally:
        with suppress(OSError):
            rows.unlink(missing_ok=True)


def _copy(part: Path, columns: tuple[Column, ...]) -> str:
    types = ", ".join(f"{_quoted(c.name)}: {_literal(_TYPES[c.type])}" for c in columns)
    told = json.dumps({column.name: column.what for column in columns}, ensure_ascii=False)
    return (
        "COPY (SELECT * FROM read_json(?, format = 'newline_delimited', compression = 'gzip',"
        f" auto_detect = false, maximum_object_size = {_LONGEST}, columns = {{{types}}}))"
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
