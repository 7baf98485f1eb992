"""docs/tables.md: its session is played and its columns are printed from the schema.

`python -m tests.tables_page` brings the page up to date.
"""

from __future__ import annotations

import re

from archive.tables.column import Table
from archive.tables.ledger_tables import tables
from archive.tables.line_columns import line_columns
from tests.process import REPOSITORY
from tests.session import ADDRESS, played

PAGE = REPOSITORY / "docs" / "tables.md"
_SESSION = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COLUMNS = "## Columns\n"
# The archive that the page speaks of; what these commands say is not shown.
_BEFORE = (
    "$ baygan init persian-news && cd persian-news"
    " && sed -i 's/^# contact/contact/' sites.toml"
    f" && baygan add {ADDRESS} --name bamdad --allow-private"
    " && baygan crawl -q; printf 'from %s\\n' here\n"
)
_BEGIN = "from here\n"


def printed() -> str:
    """The session as the page prints it."""
    found = _SESSION.search(PAGE.read_text())
    assert found
    return found[0]


def played_again() -> str:
    """The same commands with what they say now."""
    return played(_BEFORE + printed()).partition(_BEGIN)[2]


def columns() -> str:
    """The end of the page: every table with its columns."""
    parts = [
        _COLUMNS,
        "A Parquet file and a data set have those of `versions` but `row_id` and `run`. `?` stands"
        " behind the type of a column that may be null.\n",
    ]
    return "\n".join([*parts, *map(_table, tables())])


def _table(table: Table) -> str:
    rows = [f"| `{c.name}` | {c.type}{'?' * c.null} | {c.what} |" for c in table.columns]
    if table.columns[: len(line_columns())] == line_columns():
        rows.insert(
            0, "| `row_id` | integer | The number of the row, by which `versions_fts` knows it. |"
        )
    head = ["| column | type | what |", "|---|---|---|"]
    return "\n".join([f"### {table.name}\n", f"{table.what}\n", *head, *rows, ""])


def renewed() -> str:
    """The page as it should be."""
    page = PAGE.read_text().replace(printed(), played_again())
    return page.partition(_COLUMNS)[0] + columns()


if __name__ == "__main__":
    PAGE.write_text(renewed())
