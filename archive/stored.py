"""Reading one record back by its place; the reader every line's `warc` key is for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import Damaged
from archive.message import Message
from archive.salvage import members
from archive.warc import OPEN

_HEAD_END = b"\r\n\r\n"


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


def read_record(site_folder: Path, warc: dict[str, Any]) -> StoredRecord:
    """The record that a line's `warc` key names; Damaged if it is not there as written."""
    path = site_folder / warc["file"]
    if not path.exists():
        path = path.with_name(path.name + OPEN)
    place = f"{path}, byte {warc['offset']}, record {warc['record_id']}"
    try:
        with path.open("rb") as file:
            file.seek(warc["offset"])
            raw = zlib.decompress(file.read(warc["length"]), 31)
    except (OSError, zlib.error) as error:
        raise Damaged(f"{place} cannot be read: {error}. Nothing was changed.") from None
    record = parse_record(raw)
    if record.field("WARC-Record-ID") != f"<{warc['record_id']}>":
        raise Damaged(f"{place} is another record. Nothing was changed.")
    return record


def parse_record(raw: bytes) -> StoredRecord:
    """Take a record's bytes apart (WARC 1.1, section 4)."""
    head, _, rest = raw.partition(_HEAD_END)
    lines = re.split("\r\n", head.decode("utf-8", "replace"))[1:]
    fields = tuple((name, value.strip()) for name, _, value in (x.partition(":") for x in lines))
    length = next((int(v) for n, v in fields if n == "Content-Length" and v.isdigit()), 0)
    return StoredRecord(raw, fields, rest[:length])


def records(path: Path) -> Iterator[StoredRecord]:
    """Every record of the WARC file at `path`, up to the first broken one."""
    with path.open("rb") as file:
        for offset, length in members(path):
            file.seek(offset)
            yield parse_record(zlib.decompress(file.read(length), 31))
