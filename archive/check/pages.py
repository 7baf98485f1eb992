"""Decodes the page behind every line to its last byte (`check --deep`)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

from archive.check.finding import Finding
from archive.check.ledger import Ledger
from archive.check.rules import CheckedRecord, parse
from archive.files.byte_source import opened
from archive.http.message import Message


def undecodable(ledger: Ledger, site_folder: Path) -> Iterator[Finding]:
    """Lines whose page is cut or does not decode: no article may be made of such a page."""
    for place in ledger.pages():
        record = _record(site_folder / place.file, place.offset, place.length)
        if record is None:
            continue  # told where the file itself was read
        if record.get("WARC-Truncated"):
            yield Finding(place.line_file, place.line_offset, "its page is cut", place.id)
        elif Message.parse(record.block).content() is None:
            what = "its page does not decode to its end"
            yield Finding(place.line_file, place.line_offset, what, place.id)


def _record(path: Path, offset: int, length: int) -> CheckedRecord | None:
    try:
        with opened(path) as source:
            found = parse(zlib.decompress(source.read_at(offset, length), 31))
    except (FileNotFoundError, zlib.error):
        return None
    return found if isinstance(found, CheckedRecord) else None
