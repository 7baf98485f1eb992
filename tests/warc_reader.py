"""A WARC/1.1 reader of our own for the tests, as strict as ISO 28500:2017 is.

It shares no code with what it judges: neither with the archive floor nor with warcio.

>>> records = read_folder(Path("persian-news/khabar"))
>>> findings(records)
[]
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_PAGES = ("response", "revisit")
_UUID = "<urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}>"
_DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
# RFC 3986: reserved, unreserved and escapes; nothing else may stand in a URI.
_URI = r"https?://(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+"
_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+): *(.*?)[ \t]*")
_ALWAYS = {"WARC-Type", "WARC-Record-ID", "WARC-Date", "Content-Length"}
_EVERYWHERE = _ALWAYS | {"Content-Type", "WARC-Block-Digest"}
_EXCHANGE = {
    *("WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-IP-Address", "WARC-Protocol"),
    *("WARC-Cipher-Suite", "WARC-Payload-Digest", "WARC-Concurrent-To"),
}
_REFERS = {"WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date"}
_ALLOWED = {
    "warcinfo": {"WARC-Filename"},
    "response": _EXCHANGE | {"WARC-Truncated"},
    "revisit": _EXCHANGE
    | _REFERS
    | {"WARC-Truncated", "WARC-Profile", "WARC-Refers-To-Filename", "WARC-Refers-To-File-Offset"},
    "request": _EXCHANGE,
    "metadata": _EXCHANGE - {"WARC-Protocol", "WARC-Cipher-Suite", "WARC-Payload-Digest"},
    "conversion": {"WARC-Target-URI", "WARC-Refers-To", "WARC-Warcinfo-ID"},
}
_REQUIRED = {
    "warcinfo": {"WARC-Filename"},
    "response": {"WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Payload-Digest"},
    "revisit": {"WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Payload-Digest", "WARC-Profile"}
    | _REFERS,
    "request": {"WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Concurrent-To"},
    "metadata": {"WARC-Target-URI", "WARC-Warcinfo-ID", "WARC-Concurrent-To"},
    "conversion": {"WARC-Target-URI", "WARC-Refers-To"},
}
_SHAPES = {
    "WARC-Record-ID": _UUID,
    "WARC-Concurrent-To": _UUID,
    "WARC-Refers-To": _UUID,
    "WARC-Warcinfo-ID": _UUID,
    "WARC-Date": _DATE,
    "WARC-Refers-To-Date": _DATE,
    "WARC-Refers-To-Target-URI": _URI,
    "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/"
    "(?:identical-payload-digest|server-not-modified)",
    "WARC-Target-URI": _URI,
    "WARC-Block-Digest": "sha256:[0-9a-f]{64}",
    "WARC-Payload-Digest": "sha256:[0-9a-f]{64}",
    "WARC-Truncated": "length|time|disconnect",
    "WARC-IP-Address": r"[0-9.]+|[0-9a-f:]+",
    "Content-Length": r"\d+",
}


class Malformed(Exception):
    """A file that is no WARC: the message says where."""


@dataclass(frozen=True)
class Record:
    """One record: its place (`file` relative to the folder read) and what stands in it."""

    file: str
    offset: int
    length: int
    fields: tuple[tuple[str, str], ...]
    block: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def get(self, name: str) -> str:
        """The field's value, empty if the record has none."""
        return next(iter(self.all(name)), "")

    @property
    def kind(self) -> str:
        return self.get("WARC-Type")

    @property
    def id(self) -> str:
        return self.get("WARC-Record-ID")

    @property
    def uri(self) -> str:
        return self.get("WARC-Target-URI")


def read_folder(folder: Path) -> list[Record]:
    """Every record of every WARC file below `folder`, file by file."""
    files = sorted(path for path in folder.rglob("*.warc.gz*"))
    return [record for path in files for record in read(path, str(path.relative_to(folder)))]


def read(path: Path, name: str = "") -> Iterator[Record]:
    """The records of one file, a gzip member each; Malformed at the first that is none."""
    data = path.read_bytes()
    offset = 0
    while offset < len(data):
        decoder = zlib.decompressobj(31)
        place = f"{path} at byte {offset}"
        try:
            raw = decoder.decompress(data[offset:])
        except zlib.error as error:
            raise Malformed(f"{place}: {error}") from error
        if not decoder.eof:
            raise Malformed(f"{place}: the member has no end")
        length = len(data) - offset - len(decoder.unused_data)
        fields, block = _parse(raw, place)
        yield Record(name or path.name, offset, length, fields, block)
        offset += length


def _parse(raw: bytes, place: str) -> tuple[tuple[tuple[str, str], ...], bytes]:
    head, end, rest = raw.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8").split("\r\n")
    if version != "WARC/1.1" or not end:
        raise Malformed(f"{place}: no WARC/1.1 head, but {head[:60]!r}")
    matches = [_FIELD.fullmatch(line) for line in lines]
    fields = tuple((found[1], found[2]) for found in matches if found)
    if len(fields) != len(lines):
        raise Malformed(f"{place}: a line that is no field")
    length = int(dict(fields).get("Content-Length", "-1"))
    if rest[length:] != b"\r\n\r\n":
        raise Malformed(f"{place}: Content-Length does not lead to the record's end")
    return fields, rest[:length]


def findings(records: Iterable[Record]) -> list[str]:
    """What breaks a rule, among the records of one site; nothing, as it should be."""
    records = list(records)
    by_id = {record.id: record for record in records}
    found = [f"{n} records have the ID {name}" for name, n in _ids(records).items() if n > 1]
    first = {record.file: record for record in reversed(records)}
    for record in records:
        for wrong in (*_fields(record), *_digests(record), *_links(record, by_id)):
            found.append(f"{record.file} at {record.offset}, {record.kind}: {wrong}")
        if (record.kind == "warcinfo") != (first[record.file] is record):
            found.append(f"{record.file} at {record.offset}: warcinfo first, and only there")
    return found


def _ids(records: list[Record]) -> Counter[str]:
    return Counter(record.id for record in records)


def _fields(record: Record) -> Iterator[str]:
    names = Counter(name for name, _ in record.fields)
    for name, count in names.items():
        if count > 1 and name not in ("WARC-Concurrent-To", "WARC-Protocol"):
            yield f"{name} stands {count} times"
    for name in (_ALWAYS | _REQUIRED[record.kind]) - set(names):
        yield f"{name} is missing"
    for name in set(names) - _EVERYWHERE - _ALLOWED[record.kind]:
        yield f"{name} does not belong there"
    for name, value in record.fields:
        if name in _SHAPES and not re.fullmatch(_SHAPES[name], value):
            yield f"{name}: {value!r}"
    if record.kind == "warcinfo" and record.get("WARC-Filename") != _name_of(record.file):
        yield f"WARC-Filename names {record.get('WARC-Filename')}"


def _name_of(file: str) -> str:
    return Path(file).name.removesuffix(".open")


def _digests(record: Record) -> Iterator[str]:
    if record.get("WARC-Block-Digest") != digest(record.block):
        yield "block digest"
    if record.kind == "response" and record.get("WARC-Payload-Digest") != digest(payload(record)):
        yield "payload digest"


def _links(record: Record, by_id: dict[str, Record]) -> Iterator[str]:
    info = record.get("WARC-Warcinfo-ID")
    if info and (info not in by_id or by_id[info].file != record.file):
        yield "WARC-Warcinfo-ID is not this file's"
    for other in record.all("WARC-Concurrent-To"):
        response = by_id.get(other)
        if response is None or response.file != record.file:
            yield "WARC-Concurrent-To leads out of the file"
        elif any(response.get(n) != record.get(n) for n in ("WARC-Date", "WARC-Target-URI")):
            yield "not the date and address of its response"
    refers = by_id.get(record.get("WARC-Refers-To"))
    if record.kind == "revisit":
        yield from _original(record, refers)
    elif record.kind == "conversion" and (refers is None or refers.kind not in _PAGES):
        yield "WARC-Refers-To is no response here"


def _original(record: Record, original: Record | None) -> Iterator[str]:
    """What keeps a revisit from leading to the response it was identical with."""
    if original is None or original.kind != "response":
        yield "WARC-Refers-To is no response here"
        return
    for name, there in (
        ("WARC-Refers-To-Target-URI", "WARC-Target-URI"),
        ("WARC-Refers-To-Date", "WARC-Date"),
        ("WARC-Payload-Digest", "WARC-Payload-Digest"),
    ):
        if record.get(name) != original.get(there):
            yield f"{name} is not the original's"
    if record.get("WARC-Refers-To-Filename") != _name_of(original.file):
        yield "WARC-Refers-To-Filename is not the original's"
    if record.get("WARC-Refers-To-File-Offset") != str(original.offset):
        yield "WARC-Refers-To-File-Offset is not the original's"
    if bool(record.block) != (record.get("WARC-Truncated") == "length"):
        yield "WARC-Truncated: length goes with a block, and with nothing else"
    if record.block and is_chunked(record) != is_chunked(original):
        yield "its head does not fit the original's body"


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def is_chunked(record: Record) -> bool:
    head = record.block.partition(b"\r\n\r\n")[0]
    return re.search(rb"\r\ntransfer-encoding:[^\r]*chunked", head, re.IGNORECASE) is not None


def payload(record: Record) -> bytes:
    """A response's body without its transfer-coding (RFC 9112, section 7.1)."""
    body = record.block.partition(b"\r\n\r\n")[2]
    # What another program has stored without its chunks may still announce them.
    if not is_chunked(record) or body.lstrip().startswith(b"<"):
        return body
    out = b""
    while size := _chunk_size(body):
        data = body.partition(b"\r\n")[2]
        out, body = out + data[:size], data[size + 2 :]
    return out


def _chunk_size(body: bytes) -> int:
    """What the line says that `body` begins with; a coded body may stand there without chunks."""
    number = body.partition(b"\r\n")[0].partition(b";")[0]
    return int(number, 16) if re.fullmatch(rb"[0-9a-fA-F]+", number) else 0


def interim(record: Record) -> bytes:
    """The 1xx responses that a metadata record keeps."""
    found = re.search(rb"interim-responses-base64: (\S+)\r\n", record.block)
    return base64.b64decode(found[1]) if found else b""
