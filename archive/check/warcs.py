"""Checks one WARC file from its first byte to its last: members, records, and which records
belong together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from archive.check.finding import Finding
from archive.check.rules import CheckedRecord, parse, violations
from archive.layout import OPEN
from archive.storage.stored_files import size_of
from archive.warc.members import BrokenMember, Member, members


class Row(NamedTuple):
    """What is remembered of a record. IDs are without `<>`; `digest` is that of the payload, or of
    a conversion's block, in hex."""

    id: str
    kind: str
    file: str
    offset: int
    length: int
    digest: str
    uri: str
    date: str
    refers: str | None
    refers_uri: str | None
    refers_date: str | None


class Aside(NamedTuple):
    """What is remembered of a record that has no references to or from others."""

    id: str
    kind: str
    file: str
    offset: int


@dataclass(slots=True)
class _CheckedExchange:
    """A response or revisit, and the types of the records that were found concurrent to it."""

    offset: int
    uri: str
    date: str
    beside: set[str] = field(default_factory=set)


class WarcFile:
    """Reads one file of a site; `findings` grow while `rows` is iterated.

    `path` may end in `.open`; `file` is its final name relative to the site's folder.
    """

    def __init__(self, path: Path, file: str) -> None:
        self.file = file
        self.size = 0
        self.findings: list[Finding] = []
        self._path = path
        self._open = path.name.endswith(OPEN)
        self._header = b""
        self._info: CheckedRecord | None = None
        self._exchanges: dict[str, _CheckedExchange] = {}
        self._last = ""

    def rows(self, progress: Callable[[int], None]) -> Iterator[Row | Aside]:
        """Every whole record; `progress` is told the bytes as they are read."""
        position, self.size = 0, size_of(self._path)
        for member in members(self._path, self.size):
            progress(member.offset - position)
            position = member.offset
            if isinstance(member, BrokenMember):
                self._broken(member)
            elif row := self._whole(member):
                yield row
        progress(self.size - position)
        self._finish()

    def _broken(self, member: BrokenMember) -> None:
        if member.torn and self._open:
            what = "a record not yet whole; the next crawl cuts it off if its run has died"
            self.findings.append(Finding(self.file + OPEN, member.offset, what, damage=False))
        else:
            self._find(member.offset, member.what)

    def _whole(self, member: Member) -> Row | Aside | None:
        self._header = self._header or member.header
        if member.header != self._header:
            self._find(member.offset, "the gzip header is not that of the file's other members")
        record = parse(member.raw)
        if isinstance(record, str):
            self._find(member.offset, record)
            return None
        name = record.get("WARC-Record-ID")[1:-1]
        for what in violations(record):
            self._find(member.offset, what, name)
        for what in self._place(member.offset, record):
            self._find(member.offset, what, name)
        if record.kind in ("response", "revisit"):
            uri, date = record.get("WARC-Target-URI"), record.get("WARC-Date")
            self._exchanges[name] = _CheckedExchange(member.offset, uri, date)
            self._last = name
        return _row(name, self.file, member, record)

    def _place(self, offset: int, record: CheckedRecord) -> Iterator[str]:
        """What is wrong with the record at this place of this file."""
        if (record.kind == "warcinfo") != (offset == 0):
            yield "a file begins with its warcinfo record and has no other"
        if offset == 0:
            self._info = record
            if record.get("WARC-Filename") != Path(self.file).name:
                yield f"WARC-Filename is {record.get('WARC-Filename')!r}"
        named = record.get("WARC-Warcinfo-ID")
        if named and (self._info is None or named != self._info.get("WARC-Record-ID")):
            yield "WARC-Warcinfo-ID is not that of this file's warcinfo record"
        if "WARC-Concurrent-To" in record.values:
            for name, value in record.fields:
                if name == "WARC-Concurrent-To":
                    yield from self._concurrent(record, value[1:-1])

    def _concurrent(self, record: CheckedRecord, name: str) -> Iterator[str]:
        beside = self._exchanges.get(name)
        if beside is None:
            yield f"WARC-Concurrent-To leads to no response before it in this file: {name}"
            return
        beside.beside.add(record.kind)
        if record.block.startswith(b"imported-from: "):
            # Imported captures have no request.
            beside.beside.add("request")
        if (record.get("WARC-Target-URI"), record.get("WARC-Date")) != (beside.uri, beside.date):
            yield "its date or address is not that of the response it is concurrent to"

    def _finish(self) -> None:
        """Every response must have its request and its metadata. If the run was killed they may be
        missing for the last response."""
        ours = self._info is not None and b"software: baygan/" in self._info.block
        for name, exchange in self._exchanges.items():
            if name != self._last and ours:
                for kind in sorted({"request", "metadata"} - exchange.beside):
                    self._find(exchange.offset, f"its {kind} record is missing", name)
        if not self._header and not self._open:
            self._find(0, "the file has no whole record")

    def _find(self, offset: int, what: str, record: str | None = None) -> None:
        self.findings.append(Finding(self.file, offset, what, record))


def _row(name: str, file: str, member: Member, record: CheckedRecord) -> Row | Aside:
    kind, get = record.kind, record.values.get
    if kind in ("request", "metadata", "warcinfo") and "WARC-Refers-To" not in record.values:
        return Aside(name, kind, file, member.offset)
    digest = "WARC-Payload-Digest" if kind in ("response", "revisit") else "WARC-Block-Digest"
    return Row(
        name,
        kind,
        file,
        member.offset,
        member.length,
        get(digest, "").removeprefix("sha256:"),
        get("WARC-Target-URI", ""),
        get("WARC-Date", ""),
        get("WARC-Refers-To", "")[1:-1] or None,
        get("WARC-Refers-To-Target-URI"),
        get("WARC-Refers-To-Date"),
    )
