"""Which images, styles and scripts a site's pages need are stored already: each once a site."""

from __future__ import annotations

from collections.abc import Iterable

from archive.index.database import Database

ASSETS = """
CREATE TABLE IF NOT EXISTS assets (url TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


class StoredAssets:
    """The addresses of one site's assets that were asked for and answered for good.

    The index learns of them with the commit that follows their records to the disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, urls: Iterable[str]) -> None:
        """Take `urls` in, inside the transaction of their batch."""
        for url in urls:
            self._database.run("INSERT OR IGNORE INTO assets VALUES (?)", (url,))

    def knows(self, url: str) -> bool:
        """Whether the asset at `url` need not be asked for again."""
        return bool(self._database.rows("SELECT 1 FROM assets WHERE url = ?", (url,)))
