"""What a table is made of: columns with a name, a type and a sentence.

    Column("site", ColumnType.TEXT, "The site's name in sites.toml.")

Parquet, SQLite, the metadata for Datasette and Croissant, and the tables in the documents are all
made from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    """At most 64 bits."""
    INSTANT = "instant"
    """In UTC, to the second. Parquet has a type for it; elsewhere it is `2026-11-22T05:00:00Z`."""
    TEXTS = "list of texts"
    """Parquet has a type for it; elsewhere it is a JSON array."""
    JSON = "JSON"
    """An object or an array as text."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `null` tells whether a value may be missing. `path` are the keys under which a
    line has the value; it is empty where the value is not the line's."""

    name: str
    type: ColumnType
    what: str
    null: bool = False
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key: the values of these columns are a row of `table`, or one of them is null."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `key` are the columns that tell its rows apart."""

    name: str
    what: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[ForeignKey, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the columns, in their order."""
        return [column.name for column in self.columns]
