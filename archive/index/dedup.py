"""Which payloads are stored already: a page that comes again word for word is not stored again.

The index holds the SHA-256 of every whole response and the place of its record. They are noted
only after the file with the record is durable. Before a new record refers to an old one, the old
one is read: if it is not there, the page is stored anew.

Images, styles and scripts that pages need are asked for only once for each site.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archive.database.database import Database
from archive.errors import Damaged
from archive.http.message import Message, status_of
from archive.layout import find_warc, finished_warcs
from archive.warc.reader import read_member, walk
from archive.warc.records import Original
from archive.warc.records import sha256 as sha256_of
from archive.warc.stored_record import StoredRecord

STORED = """
CREATE TABLE IF NOT EXISTS digests (
    sha256 BLOB PRIMARY KEY, file INTEGER NOT NULL, offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS digest_files (number INTEGER PRIMARY KEY, file TEXT UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS assets (url TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload and the response record that holds it: `file` is relative to the site's folder."""

    sha256: str
    file: str
    offset: int


class StoredPayloads:
    """The payloads of one site that are safely on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def original(self, site_folder: Path, sha256: str) -> Original | None:
        """The response with this payload, looked up and read; None if it is not there."""
        rows = self._database.rows(
            "SELECT f.file, offset FROM digests d JOIN digest_files f"
            " ON f.number = d.file WHERE sha256 = ?",
            (bytes.fromhex(sha256),),
        )
        if not rows:
            return None
        file, offset = rows[0]
        path = find_warc(site_folder, file)
        # A crawl waits for no store: what is only there is stored anew.
        if not path.exists():
            return None
        try:
            record = read_member(path, offset)
        except Damaged:
            return None
        return _original(record, sha256, file, offset)

    def note(self, payloads: Iterable[Payload]) -> None:
        """Note `payloads`, inside the transaction of their batch. Of equal ones the first stays."""
        for payload in payloads:
            self._database.run(
                "INSERT OR IGNORE INTO digest_files (file) VALUES (?)", (payload.file,)
            )
            self._database.run(
                "INSERT OR IGNORE INTO digests SELECT ?, number, ? FROM digest_files"
                " WHERE file = ?",
                (bytes.fromhex(payload.sha256), payload.offset, payload.file),
            )

    def learn(self, site_folder: Path) -> None:
        """Read the finished WARC files that the index does not know, as after it was deleted."""
        known = {row["file"] for row in self._database.rows("SELECT file FROM digest_files")}
        for path in finished_warcs(site_folder):
            file = str(path.relative_to(site_folder))
            if file not in known:
                with self._database.transaction():
                    self.note(_payloads(path, file))


class StoredAssets:
    """The addresses of one site's assets that need not be asked for again.

    They are noted only after their records are durable.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, urls: Iterable[str]) -> None:
        """Note `urls`, inside the transaction of their batch."""
        for url in urls:
            self._database.run("INSERT OR IGNORE INTO assets VALUES (?)", (url,))

    def knows(self, url: str) -> bool:
        """Whether the asset at `url` need not be asked for again."""
        return bool(self._database.rows("SELECT 1 FROM assets WHERE url = ?", (url,)))


def _payloads(path: Path, file: str) -> Iterable[Payload]:
    for placed in walk(path):
        digest = placed.record.field("WARC-Payload-Digest") or ""
        if digest and _may_be_referred_to(placed.record):
            yield Payload(digest.removeprefix("sha256:"), file, placed.place[0])


def _may_be_referred_to(record: StoredRecord) -> bool:
    whole = record.field("WARC-Truncated") is None
    return whole and record.field("WARC-Type") == "response" and status_of(record.block) == 200


def _original(record: StoredRecord, sha256: str, file: str, offset: int) -> Original | None:
    told = [record.field(f"WARC-{name}") for name in ("Record-ID", "Target-URI", "Date")]
    message = Message.parse(record.block)
    if not all(told) or message.status != 200 or sha256_of(message.payload) != sha256:
        return None
    record_id, uri, date = (value or "" for value in told)
    return Original(
        record_id=record_id.strip("<>"),
        uri=uri,
        date=date,
        file=Path(file).name,
        offset=offset,
        sha256=sha256,
        chunked=message.chunked,
    )
