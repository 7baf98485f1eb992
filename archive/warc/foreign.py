"""Captures that other programs made: their WARC files, read leniently.

>>> files = Foreign([Path("wget.warc.gz")], "https://khabar.example/")
>>> for exchange in files.exchanges():
...     print(exchange.url, exchange.started)

wget, Heritrix, warcprox, Browsertrix, the news crawl of Common Crawl: WARC/1.0 or 1.1, a gzip
member a record, one for all, or none, `<>` around addresses, IDs that are no UUIDs. What an
exchange held is taken byte for byte; what the record said around it is read. Requests are not
taken: they may hold somebody's cookies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from archive.errors import Damaged, UsageError
from archive.http.message import Message
from archive.http.urls import ascii_uri, host_of, spelling
from archive.model import Exchange, Hints
from archive.warc.pages import IMPORTED, moment
from archive.warc.reader import Walked, walk
from archive.warc.stored_record import StoredRecord

IMPORTED_ID = "imported-record-id"
IMPORTED_TYPE = "imported-record-type"
_NO_WARC = {
    b"PK": "It is a ZIP file. If it is a WACZ, unpack it: its WARC files are in archive/",
    b"\x28\xb5\x2f\xfd": "It is packed with Zstandard. Unpack it first: zstd -d",
    b"filedesc://": "It is an ARC file. Convert it first: warcio recompress",
}


@dataclass(slots=True)
class LeftOut:
    """How many captures were not taken: of other `hosts`; `other` than whole pages (pictures,
    errors, redirects, cut ones); `known`, taken by an earlier import; `skipped` by sites.toml;
    `dangling`, a revisit without the response it refers to. `torn` are messages about files
    that break off."""

    hosts: dict[str, int] = field(default_factory=dict)
    other: int = 0
    known: int = 0
    skipped: int = 0
    dangling: int = 0
    torn: list[str] = field(default_factory=list)


class Foreign:
    """The pages of the site at `home` in some WARC files; `left_out` counts all else.

    `skip` is sites.toml's, `known` holds the record IDs that were imported before. `recall`
    gives the response of an exchange that came earlier, by its record ID.
    """

    def __init__(
        self,
        files: Sequence[Path],
        home: str,
        *,
        skip: Sequence[str] = (),
        known: Iterable[str] = (),
        recall: Callable[[str], bytes | None] = lambda record_id: None,
    ) -> None:
        self.left_out = LeftOut()
        self._files = files
        self._home = urlsplit(home)
        self._host = host_of(home)
        self._skip = skip
        self._known = set(known)
        self._recall = recall
        # A revisit may name the address and the date of what it saw again, and no ID.
        self._seen: dict[tuple[str | None, str], str] = {}

    def exchanges(self) -> Iterator[Exchange]:
        """Every page once; UsageError for a file that is no WARC."""
        for path in self._files:
            try:
                for walked in walk(path):
                    if exchange := self._exchange(walked, path):
                        yield exchange
            except Damaged as error:
                self._tell_torn(path, str(error))

    def _exchange(self, walked: Walked, path: Path) -> Exchange | None:
        record = walked.record
        kind = record.field("WARC-Type")
        target = _bare(record, "WARC-Target-URI")
        if kind not in ("response", "revisit", "resource") or not self._is_ours(target):
            return None
        record_id = _bare(record, "WARC-Record-ID")
        response = self._response(walked)
        date = moment(record.field("WARC-Date"))
        if response is None or date is None:
            return None
        self._seen[record.field("WARC-Date"), target] = record_id
        if record_id in self._known:
            self.left_out.known += 1
            return None
        self._known.add(record_id)
        return Exchange(
            url=ascii_uri(target),
            page_url=self._as_published(target),
            hints=Hints(),
            request=b"",
            response=response,
            ip=record.field("WARC-IP-Address") or "",
            port=self._home.port or 0,
            started=date,
            ended=date,
            imported=((IMPORTED, path.name), (IMPORTED_ID, record_id), (IMPORTED_TYPE, kind)),
        )

    def _is_ours(self, target: str) -> bool:
        if host_of(target) != self._host:
            hosts = self.left_out.hosts
            hosts[host_of(target)] = hosts.get(host_of(target), 0) + 1
            return False
        skipped = any(part in target for part in self._skip)
        self.left_out.skipped += skipped
        return not skipped

    def _response(self, walked: Walked) -> bytes | None:
        """The HTTP response of a page; None, and counted, for anything else."""
        record = walked.record
        if record.field("WARC-Type") == "revisit":
            response = self._original(record)
            self.left_out.dangling += response is None
            return response
        response = record.block
        if record.field("WARC-Type") == "resource":
            kind = record.field("Content-Type") or ""
            response = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + response
        if not walked.whole or record.field("WARC-Truncated") or not _is_page(response):
            self.left_out.other += 1
            return None
        return response

    def _original(self, record: StoredRecord) -> bytes | None:
        """The response with the body that a revisit saw again, behind its own head."""
        uri = _bare(record, "WARC-Refers-To-Target-URI")
        named = self._seen.get((record.field("WARC-Refers-To-Date"), uri), "")
        found = self._recall(_bare(record, "WARC-Refers-To") or named)
        if found is None:
            return None
        whole = Message.parse(found)
        again = record.block + whole.body
        return again if Message.parse(again).payload == whole.payload else found

    def _as_published(self, target: str) -> str:
        """The address as the site writes it today: its scheme and host, no campaign's tags."""
        parts = urlsplit(target)
        query = urlsplit(spelling(target)).query
        return urlunsplit((self._home.scheme, self._home.netloc, parts.path or "/", query, ""))

    def _tell_torn(self, path: Path, error: str) -> None:
        with path.open("rb") as file:
            head = file.read(16)
        if not head.startswith((b"WARC/", b"\x1f\x8b")) or " byte 0:" in error:
            hint = next((words for sign, words in _NO_WARC.items() if head.startswith(sign)), "")
            raise UsageError(f"{path} is no WARC file; nothing of it was taken. {hint}".strip())
        self.left_out.torn.append(error.replace(" Nothing was changed.", ""))


def _bare(record: StoredRecord, name: str) -> str:
    return (record.field(name) or "").strip("<>")


def _is_page(block: bytes) -> bool:
    message = Message.parse(block)
    kind = message.header("content-type") or "text/html"
    return message.status == 200 and "html" in kind.lower()
