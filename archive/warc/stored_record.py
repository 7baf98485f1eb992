"""Reading one record back by its place; the reader every line's `warc` key is for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Damaged
from archive.http.message import Message
from archive.layout import find_warc
from archive.warc.members import members

_HEAD_END = b"\r\n\r\n"
_FOLD = re.compile(r"\r?\n[ \t]+")
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it lies in the file: `raw` is all of it, `block` what its fields describe."""

    raw: bytes
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def field(self, name: str) -> str | None:
        """The first value of a field, `WARC-Type` say; None if the record has none."""
        return next((v for n, v in self.fields if n.lower() == name.lower()), None)

    def page(self) -> bytes:
        """The body of a response record, its codings removed; as it came if they are broken."""
        message = Message.parse(self.block)
        content = message.content()
        return message.payload if content is None else content


def read_record(site_folder: Path, warc: Mapping[str, Any]) -> StoredRecord:
    """The record that a line's `warc` key names; Damaged if it is not there as written."""
    path = find_warc(site_folder, warc["file"])
    record = read_member(path, warc["offset"])
    if record.field("WARC-Record-ID") != f"<{warc['record_id']}>":
        raise Damaged(
            f"{path}, byte {warc['offset']}: the record there is not {warc['record_id']}."
            " Nothing was changed."
        )
    return record


def response_of(site_folder: Path, record: StoredRecord) -> StoredRecord:
    """The response that holds the body: `record` itself or, if it is a `revisit`, the one it
    refers to; Damaged if that one is not there."""
    if record.field("WARC-Type") != "revisit":
        return record
    name = record.field("WARC-Refers-To-Filename") or ""
    paths = [path for year in site_folder.glob("warc/*") for path in year.glob(f"{name}*")]
    offset = record.field("WARC-Refers-To-File-Offset") or ""
    if not name or not paths or not offset.isdecimal():
        raise Damaged(
            f"record {record.field('WARC-Record-ID')} refers to {name or 'a file'}, which is not"
            f" in {site_folder / 'warc'}. Nothing was changed. Restore it from a copy."
        )
    response = read_member(paths[0], int(offset))
    if response.field("WARC-Record-ID") != record.field("WARC-Refers-To"):
        raise Damaged(
            f"{paths[0]}, byte {offset}: the record there is not"
            f" {record.field('WARC-Refers-To')}. Nothing was changed."
        )
    return response


def read_member(path: Path, offset: int) -> StoredRecord:
    """The record whose gzip member begins at `offset`; Damaged if there is no whole one."""
    decoder = zlib.decompressobj(31)
    raw = bytearray()
    try:
        with path.open("rb") as file:
            file.seek(offset)
            while not decoder.eof and (data := file.read(_BLOCK)):
                raw += decoder.decompress(data)
    except (OSError, zlib.error) as error:
        raise _unreadable(path, offset, str(error)) from None
    if not decoder.eof:
        raise _unreadable(path, offset, "the file ends there")
    return parse_record(bytes(raw))


def _unreadable(path: Path, offset: int, why: str) -> Damaged:
    return Damaged(f"{path}, byte {offset}, cannot be read: {why}. Nothing was changed.")


def parse_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The names and values in a record's head, which begins with its version line. What other
    programs write is read too: bare newlines, folded lines, lines that are no field."""
    text = _FOLD.sub(" ", head.decode("utf-8", "replace"))
    fields = (line.partition(":") for line in text.split("\n")[1:])
    return tuple((name.strip(), value.strip()) for name, colon, value in fields if colon)


def parse_record(raw: bytes) -> StoredRecord:
    """Take a record's bytes apart (WARC 1.1, section 4)."""
    head, _, rest = raw.partition(_HEAD_END)
    fields = parse_fields(head)
    length = next((int(v) for n, v in fields if n == "Content-Length" and v.isdigit()), 0)
    return StoredRecord(raw, fields, rest[:length])


def records(path: Path) -> Iterator[StoredRecord]:
    """Every record of the WARC file at `path`, up to the first broken one."""
    with path.open("rb") as file:
        for offset, length in members(path):
            file.seek(offset)
            yield parse_record(zlib.decompress(file.read(length), 31))
