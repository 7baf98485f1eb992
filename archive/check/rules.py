"""The rules of WARC 1.1 (ISO 28500:2017) for one record, and what baygan adds to them.

This is written from the standard and shares no code with the code that writes records: else both
could have the same mistake. Only the payload (the HTTP body without its transfer-coding) comes from
`archive.http.message` for both, since servers make lenient parsing necessary.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from archive.http.message import payload

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_UUID = re.compile("<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>")
_DATE = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-6]\d(?:\.\d{1,9})?Z"
)
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
# RFC 3986: reserved, unreserved and escapes; nothing else may stand in a URI.
_URI = re.compile(r"https?://(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]++|%[0-9A-Fa-f]{2})++")
SHAPES = {
    "WARC-Record-ID": _UUID,
    "WARC-Concurrent-To": _UUID,
    "WARC-Refers-To": _UUID,
    "WARC-Warcinfo-ID": _UUID,
    "WARC-Date": _DATE,
    "WARC-Refers-To-Date": _DATE,
    "WARC-Target-URI": _URI,
    "WARC-Refers-To-Target-URI": _URI,
    "WARC-Block-Digest": _DIGEST,
    "WARC-Payload-Digest": _DIGEST,
    "WARC-Truncated": re.compile("length|time|disconnect|unspecified"),
    "WARC-IP-Address": re.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}"),
    "WARC-Profile": re.compile(
        "http://netpreserve.org/warc/1.[01]/revisit/(?:identical-payload-digest|server-not-modified)"
    ),
    "Content-Length": re.compile(r"\d+"),
}
_VERSION = b"WARC/1.1\r\n"
_REPEATED = ("WARC-Concurrent-To", "WARC-Protocol")
_ALWAYS = {"WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length", "WARC-Block-Digest"}
_WIRE = {*_ALWAYS, "WARC-Target-URI", "WARC-Warcinfo-ID"}
_REFERS = {"WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"}
REQUIRED = {
    "warcinfo": {*_ALWAYS, "WARC-Filename"},
    "response": {*_WIRE, "WARC-Payload-Digest"},
    "request": {*_WIRE, "WARC-Concurrent-To"},
    "metadata": {*_ALWAYS, "WARC-Warcinfo-ID"},
    "resource": {*_ALWAYS, "WARC-Target-URI"},
    "conversion": {*_ALWAYS, "WARC-Target-URI", "WARC-Refers-To"},
    # With the last three a replay tool finds the page.
    "revisit": {*_WIRE, "WARC-Profile", "WARC-Refers-To", *_REFERS},
}
_EVENT = {"WARC-Concurrent-To", "WARC-IP-Address"}
_NEVER = {*_REFERS, "WARC-Filename", "WARC-Profile"}
FORBIDDEN = {
    "warcinfo": _NEVER - {"WARC-Filename"} | _EVENT | _WIRE - _ALWAYS | {"WARC-Refers-To"},
    "response": _NEVER | {"WARC-Refers-To"},
    "request": _NEVER | {"WARC-Refers-To"},
    "metadata": _NEVER | {"WARC-Payload-Digest"},
    "resource": _NEVER | {"WARC-Refers-To"},
    "conversion": _NEVER | _EVENT,
    "revisit": {"WARC-Filename"},
}


class CheckedRecord(NamedTuple):
    """A parsed record: its fields in their order, and its block."""

    kind: str
    fields: tuple[tuple[str, str], ...]
    values: dict[str, str]
    """One value of every field; if it is repeated, the last one."""
    block: bytes

    def get(self, name: str) -> str:
        """The field's value, empty if the record has none."""
        return self.values.get(name, "")


def parse(raw: bytes) -> CheckedRecord | str:
    """The record in `raw`; or what is wrong, if `raw` is not exactly one record."""
    if not raw.startswith(_VERSION):
        return "no WARC/1.1 record begins here"
    end = raw.find(b"\r\n\r\n")
    try:
        head = raw[len(_VERSION) : end].decode()
    except UnicodeDecodeError:
        return "the record's head is not UTF-8"
    fields = _fields(head)
    if fields is None:
        return "a line of the record's head is no field"
    values = dict(fields)
    length, start = values.get("Content-Length", ""), end + 4
    # isdigit is also true for superscripts.
    if not (length.isascii() and length.isdigit()) or raw[start + int(length) :] != b"\r\n\r\n":
        return "Content-Length does not lead to the record's end"
    return CheckedRecord(values.get("WARC-Type", ""), fields, values, raw[start:-4])


def violations(record: CheckedRecord) -> Iterator[str]:
    """The rules that the record itself breaks, in words."""
    if record.kind not in REQUIRED:
        yield f"no such WARC-Type: {record.kind!r}"
        return
    yield from _misplaced(record.kind, tuple(name for name, _ in record.fields))
    if record.block and "Content-Type" not in record.values:
        yield "Content-Type is missing"
    for name, value in record.fields:
        if name in SHAPES and not SHAPES[name].fullmatch(value):
            yield f"{name} is no such thing: {value!r}"
    yield from _digests(record)


def _fields(head: str) -> tuple[tuple[str, str], ...] | None:
    """Names and values of a head's lines; None if one of them is no field."""
    fields = []
    for line in head.split("\r\n"):
        name, colon, value = line.partition(": ")
        if not colon or not _NAME.fullmatch(name):
            return None
        fields.append((name, value))
    return tuple(fields)


@lru_cache(256)
def _misplaced(kind: str, names: tuple[str, ...]) -> list[str]:
    """Fields that a record of this type lacks, must not have, or has twice.

    The result is cached, since a file has only a few different lists of names."""
    counts = Counter(name for name in names if name not in _REPEATED)
    wrong = [f"{name} stands {n} times" for name, n in counts.items() if n > 1]
    wrong += [f"{name} is missing" for name in sorted(REQUIRED[kind].difference(names))]
    strange = FORBIDDEN[kind].intersection(names)
    return wrong + [f"{name} does not belong here" for name in sorted(strange)]


def _digests(record: CheckedRecord) -> Iterator[str]:
    if record.get("WARC-Block-Digest") != _digest(record.block):
        yield "the block is not the one of WARC-Block-Digest"
    if record.kind == "response":
        sha256 = _digest(payload(record.block))
        if record.get("WARC-Payload-Digest") != sha256:
            yield "the payload is not the one of WARC-Payload-Digest"


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
