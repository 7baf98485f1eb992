"""WARC/1.1 records (ISO 28500:2017), made of an exchange, of a text or of a run.

A record has a head, which warcio writes, and a block of bytes, which is written as it is. warcio's
own WARCWriter is not used: it parses the HTTP head and writes it anew, and it adds a payload digest
where the standard has none (to `metadata`). Digests are SHA-256 in lower-case hex. The payload
digest is that of the body without its transfer-coding, as the standard defines it.
"""

from __future__ import annotations

import hashlib
import struct
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from archive.http.message import Message
from archive.http.urls import ascii_uri
from archive.model import Exchange
from archive.text.fold import well_formed
from archive.warc.metadata import notes, warc_fields

# Level 9 takes three times as long as level 6.
_GZIP_LEVEL = 6
# What zlib writes: no name, no time, made on Unix.
_GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\x03"
_GZIP_MAGIC = _GZIP_HEADER[:3]
_UNWRAPPED = -zlib.MAX_WBITS
_RECORD_END = b"\r\n\r\n"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """A record ready to be written: its bare ID and its gzip member."""

    record_id: str
    member: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A stored response record that a `revisit` may refer to. `file` is the name of its file
    without folders, `sha256` the digest of its payload, `chunked` whether its body came in
    chunks."""

    record_id: str
    uri: str
    date: str
    file: str
    offset: int
    sha256: str
    chunked: bool


def new_id() -> str:
    """A fresh record ID; random, since a time-based one would carry the MAC address."""
    return f"urn:uuid:{uuid.uuid4()}"


def instant(moment: datetime) -> str:
    """WARC-Date: UTC with microseconds, `2026-11-22T00:30:04.123456Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sha256(data: bytes) -> str:
    """`data`'s SHA-256 as lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def exchange_records(
    exchange: Exchange,
    message: Message,
    digest: str,
    warcinfo_id: str,
    original: Original | None = None,
) -> list[WarcRecord]:
    """The records of one exchange; `digest` is the payload's. The response comes first, the others
    are concurrent to it.

    If there is an `original` with the same payload, or one that a 304 stands for, the first
    record is a `revisit`.
    """
    first_id = new_id()
    shared = _shared_fields(exchange, message, warcinfo_id)
    digest = original.sha256 if original else digest
    fields = [*shared, ("WARC-Payload-Digest", f"sha256:{digest}")]
    if original:
        first = _revisit(first_id, fields, message, original)
    else:
        truncated = [("WARC-Truncated", exchange.truncated)] if exchange.truncated else []
        packed = message.body if message.payload.startswith(_GZIP_MAGIC) else b""
        block = message.head if packed else message.head + message.body
        first = _record("response", first_id, [*fields, *truncated], block, packed)
    concurrent = [*shared, ("WARC-Concurrent-To", f"<{first_id}>")]
    # Protocol and cipher are about a message on the wire, and metadata is none.
    about = [f for f in concurrent if f[0] not in ("WARC-Protocol", "WARC-Cipher-Suite")]
    head = message.head if original and not _fits(message, original) else b""
    asked = [exchange.request] if exchange.request else []
    return [
        first,
        *(_record("request", new_id(), concurrent, request) for request in asked),
        _record("metadata", new_id(), about, notes(exchange, message, head)),
    ]


def _revisit(
    record_id: str, fields: list[tuple[str, str]], message: Message, original: Original
) -> WarcRecord:
    """A revisit by WARC 1.1, 6.7.2 (the same payload was sent again) or 6.7.3 (a 304). Its block
    is the head of the response, if that fits the original's body."""
    fields = [
        *fields,
        ("WARC-Profile", NOT_MODIFIED if message.status == 304 else IDENTICAL),
        ("WARC-Refers-To", f"<{original.record_id}>"),
        ("WARC-Refers-To-Target-URI", original.uri),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Refers-To-Filename", original.file),
        ("WARC-Refers-To-File-Offset", str(original.offset)),
    ]
    if not _fits(message, original):
        return _record("revisit", record_id, fields, b"")
    return _record("revisit", record_id, [*fields, ("WARC-Truncated", "length")], message.head)


def _fits(message: Message, original: Original) -> bool:
    """Whether the head fits the original's body: replay tools put the two together. If only one
    of them is chunked, chunk sizes would show in the page; with a 304 there would be no page."""
    return message.status != 304 and message.chunked == original.chunked


def conversion_record(url: str, text: str, response_id: str, date: datetime) -> WarcRecord:
    """The clean text of the page in the response `response_id`."""
    fields = [
        ("WARC-Target-URI", ascii_uri(url)),
        ("WARC-Date", instant(date)),
        ("WARC-Refers-To", f"<{response_id}>"),
    ]
    return _record("conversion", new_id(), fields, well_formed(text).encode())


def warcinfo_record(filename: str, date: datetime, fields: dict[str, str]) -> WarcRecord:
    """The first record of every file: who wrote it, how, and for what."""
    block = warc_fields(fields)
    return _record(
        "warcinfo", new_id(), [("WARC-Date", instant(date)), ("WARC-Filename", filename)], block
    )


def _shared_fields(exchange: Exchange, message: Message, warcinfo_id: str) -> list[tuple[str, str]]:
    fields = [
        ("WARC-Target-URI", exchange.url),
        ("WARC-Date", instant(exchange.started)),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>"),
    ]
    if exchange.ip:
        fields.append(("WARC-IP-Address", exchange.ip))
    if message.version:
        fields.append(("WARC-Protocol", message.version))
    if exchange.tls_version:
        fields.append(("WARC-Protocol", exchange.tls_version.lower().replace("tlsv", "tls/")))
    if exchange.tls_cipher:
        fields.append(("WARC-Cipher-Suite", exchange.tls_cipher))
    return fields


_CONTENT_TYPES = {
    "response": "application/http; msgtype=response",
    "revisit": "application/http; msgtype=response",
    "request": "application/http; msgtype=request",
    "conversion": "text/plain; charset=utf-8",
    "warcinfo": "application/warc-fields",
    "metadata": "application/warc-fields",
}


def _record(
    kind: str, record_id: str, fields: list[tuple[str, str]], begin: bytes, packed: bytes = b""
) -> WarcRecord:
    """A record with this block: `begin`, and behind it bytes that are `packed` already."""
    block = begin + packed
    headers = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id}>"),
        *fields,
        ("WARC-Block-Digest", f"sha256:{sha256(block)}"),
        ("Content-Type", _CONTENT_TYPES[kind]),
        ("Content-Length", str(len(block))),
    ]
    # Only a writer needs it. It brings fsspec where that is installed, and a child for cleaning
    # would begin later.
    from warcio.statusandheaders import StatusAndHeaders

    head = StatusAndHeaders("", headers, "WARC/1.1").to_bytes()
    raw = head + block + _RECORD_END
    return WarcRecord(record_id, _member(raw, len(head) + len(begin) if packed else len(raw)))


def _member(raw: bytes, stored: int) -> bytes:
    """The gzip member of `raw`. From the byte `stored` on it is not packed a second time: that
    takes nine times as long as all else, and makes the member one or two hundredths smaller."""
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _UNWRAPPED)
    parts = [_GZIP_HEADER, packer.compress(raw[:stored])]
    if stored < len(raw):
        parts.append(packer.flush(zlib.Z_SYNC_FLUSH))
        packer = zlib.compressobj(0, zlib.DEFLATED, _UNWRAPPED)
        parts.append(packer.compress(raw[stored:]))
    ending = struct.pack("<II", zlib.crc32(raw), len(raw) & 0xFFFFFFFF)
    return b"".join((*parts, packer.flush(), ending))
