"""A WARC record as it is stored, parsed into fields and block."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.http.message import Message

_HEAD_END = _RECORD_END = b"\r\n\r\n"
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_FOLD = re.compile(r"\r?\n[ \t]+")


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is in the file: `raw` is all of it, `block` the bytes after its head."""

    raw: bytes
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def field(self, name: str) -> str | None:
        """The first value of a field (`WARC-Type`, say); None if the record does not have it."""
        wanted = name.lower()
        for known, value in self.fields:
            if known == name or known.lower() == wanted:
                return value
        return None

    def is_whole(self) -> bool:
        """Whether this is a WARC record whose block is as long as its Content-Length says."""
        head = self.raw.find(_HEAD_END)
        ends = self.raw.endswith(_RECORD_END) and len(self.block) == len(self.raw) - head - 8
        return self.raw.startswith(b"WARC/") and head > 0 and ends

    def page(self) -> bytes:
        """The body of a response record without its codings; as it came if it does not decode."""
        message = Message.parse(self.block)
        content = message.content()
        return message.payload if content is None else content


def parse_fields(head: bytes) -> tuple[tuple[str, str], ...]:
    """The names and values in a record's head, which begins with its version line. Heads of other
    programs are read, too: with bare newlines, folded lines, lines that are no field."""
    text = head.decode("utf-8", "replace")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    fields = [line.partition(":") for line in text.split("\n")[1:]]
    return tuple([(name.strip(), value.strip()) for name, colon, value in fields if colon])


def parse_record(raw: bytes) -> StoredRecord:
    """Parse the bytes of a record (WARC 1.1, section 4)."""
    head, _, rest = raw.partition(_HEAD_END)
    fields = parse_fields(head)
    told = next((value for name, value in fields if name == "Content-Length"), "")
    length = int(told) if _LENGTH.fullmatch(told) else 0
    return StoredRecord(raw, fields, rest[:length])
