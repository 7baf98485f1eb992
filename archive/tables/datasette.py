"""The metadata by which Datasette shows an SQLite file: what each table and column is, in words,
by what to filter, and where the full-text index is.

Its keys are described at https://docs.datasette.io/en/stable/metadata.html.
"""

from __future__ import annotations

from typing import Any

from archive.tables.column import Column, Table
from archive.tables.ledger_tables import REMOVALS, RUNS, tables, versions

_ROW_ID = "A number of this row in this file; versions_fts has it as rowid."
_SEARCH = {"fts_table": "versions_fts", "fts_pk": "row_id"}
# Few different values each. Lists are counted by what is in them.
_BY_LINE = {
    "facets": ["site", "source", {"array": "categories"}, {"array": "flags"}],
    "sort_desc": "published",
    "size": 20,
    **_SEARCH,
}
_HOW: dict[str, dict[str, Any]] = {
    "articles": {"facets": ["site", "post_type"], "label_column": "id"},
    versions().name: _BY_LINE,
    "newest": _BY_LINE,
    RUNS.name: {"facets": ["site", "verdict"], "sort_desc": "started"},
    REMOVALS.name: {"facets": ["site", "kind"], "sort_desc": "first_missed"},
    "removed": {"facets": ["site", "kind"]},
    "versions_fts": {"hidden": True},
}
_VIEWS = {
    "newest": "The newest version of each article in this file.",
    "removed": "The posts that their site does not list now, with the article if it is here.",
}


def metadata(database: str, title: str) -> dict[str, Any]:
    """The metadata of the file that Datasette calls `database`: its name without the suffix."""
    told = {table.name: _told(table) for table in tables()}
    told["newest"] = {**told["versions"], "description": _VIEWS["newest"]}
    shown = _named(tuple(c for c in versions().columns if c.name in ("title", "published", "text")))
    told["removed"] = {
        "description": _VIEWS["removed"],
        "columns": {**told["removals"]["columns"], **shown},
    }
    every = {name: {**told.get(name, {}), **how} for name, how in _HOW.items()}
    return {
        "title": title,
        "databases": {
            database: {
                "description": "Articles of news sites and their versions, exported by baygan.",
                "tables": every,
            }
        },
    }


def _told(table: Table) -> dict[str, Any]:
    columns = _named(table.columns)
    if table is versions():
        columns = {"row_id": _ROW_ID, **columns}
    return {"description": table.what, "columns": columns}


def _named(columns: tuple[Column, ...]) -> dict[str, str]:
    return {column.name: column.what for column in columns}
