"""An HTTP response as it came over the wire, parsed (RFC 9112) as leniently as browsers do it.

>>> head = b"HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n"
>>> Message.parse(head + b"3\\r\\nabc\\r\\n0\\r\\n\\r\\n").payload
b'abc'
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.http.coding import DECODED_LIMIT, KNOWN, Undecodable, decode

_HEAD_END = re.compile(rb"\n\r?\n")
# HTTP/2 and HTTP/3 have no status line. Programs that store what a browser decoded write one in
# forms of their own; so do old servers.
_STATUS_LINE = re.compile(
    rb"[ \t]*((?:HTTP|ICY)(?:/\d{1,3}(?:\.\d{1,3})?)?)[ \t]+(\d{3})(?!\d)[ \t]?([^\r\n]*)",
    re.IGNORECASE,
)
# The names of these protocols in WARC-Protocol (warc-specifications, issue 42).
_PROTOCOLS = {"http/2": "h2", "http/2.0": "h2", "http/3": "h3", "http/3.0": "h3"}
_PROTOCOL = re.compile(r"http/\d\.\d|h\d")
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[^\r\n]*\r?\n")
# Some programs store a body without its chunks and leave the header that announces them.
_TAG = re.compile(rb"\s*<")


@dataclass(frozen=True, slots=True)
class Message:
    """A final response. `interim` holds the 1xx responses before it, `head` its status line and
    headers with the empty line, `body` all after that. `payload` is the body without its
    transfer-coding (WARC 1.1 calls it payload, RFC 9110 content). `version` is the protocol as
    WARC-Protocol names it, empty if the status line names none."""

    interim: bytes
    head: bytes
    body: bytes
    version: str
    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Message:
        """Parse `raw`; bytes that are not HTTP become a message with status 0."""
        start, stop, line = _final(raw)
        head, body = raw[start:stop], raw[stop:]
        headers = _headers(head)
        return cls(
            interim=raw[:start],
            head=head,
            body=body,
            version=_protocol(line),
            status=int(line[2]) if line else 0,
            headers=headers,
            payload=dechunk(body) if _chunked(headers) and not _TAG.match(body) else body,
        )

    def header(self, name: str) -> str | None:
        """The first value of the header `name` (lower case), or None."""
        return next((value for key, value in self.headers if key == name), None)

    @property
    def chunked(self) -> bool:
        """Whether the body came in chunks."""
        return _chunked(self.headers)

    @property
    def unknown_coding(self) -> str | None:
        """The first content-coding that we have no decoder for, in lower case; else None."""
        named = (self.header("content-encoding") or "").lower().split(",")
        return next((name for word in named if (name := word.strip()) not in KNOWN), None)

    def content(self) -> bytes | None:
        """The payload without its content-codings, or None if it does not decode to its end."""
        try:
            return self.decoded()
        except Undecodable:
            return None

    def decoded(self, limit: int = DECODED_LIMIT) -> bytes:
        """The payload without its content-codings; Undecodable with its `reason` if that cannot
        be done, or if the result has more than `limit` bytes.

        Only decoding shows that a gzip body is cut, if its Content-Length fits the cut body.
        """
        codings = (value for name, value in self.headers if name == "content-encoding")
        return decode(self._coded(), ",".join(codings), limit)

    def _coded(self) -> bytes:
        """The payload from which the codings are to be taken. Some programs store a chunked body
        joined but leave the header, others store the chunks without the header."""
        if self.chunked:
            return self.payload or (b"" if _CHUNK_SIZE.match(self.body) else self.body)
        return dechunk(self.body) if _looks_chunked(self.body) else self.payload


def payload(raw: bytes) -> bytes:
    """The payload of the response `raw`. It is that of `Message`, but faster: not all headers are
    parsed."""
    start, stop, _ = _final(raw)
    if b"transfer-encoding" in raw[start:stop].lower():
        return Message.parse(raw).payload
    return raw[stop:]


def dechunk(body: bytes) -> bytes:
    """The chunks of a chunked body, joined. If it is cut or broken, all chunks before that."""
    parts: list[bytes] = []
    position = 0
    while size_line := _CHUNK_SIZE.match(body, position):
        size = int(size_line[1], 16)
        position = size_line.end() + size
        if size == 0:
            break
        parts.append(body[size_line.end() : position])
        if body.startswith(b"\r\n", position):
            position += 2
        elif body.startswith(b"\n", position):
            position += 1
    return b"".join(parts)


def _looks_chunked(body: bytes) -> bool:
    """Whether a body is chunks from its first to its last byte."""
    return bool(_CHUNK_SIZE.match(body)) and body.rstrip(b"\r\n").endswith(b"\n0")


def _final(raw: bytes) -> tuple[int, int, re.Match[bytes] | None]:
    """Where the final response's head begins and ends, and its status line."""
    start = 0
    while True:
        end = _HEAD_END.search(raw, start)
        stop = end.end() if end else len(raw)
        line = _STATUS_LINE.match(raw, start)
        status = int(line[2]) if line else 0
        if not end or not 100 <= status < 200 or status == 101:
            return start, stop, line
        start = stop


def status_of(raw: bytes) -> int:
    """The status of the final response in `raw`; 0 if it is no HTTP."""
    line = _final(raw)[2]
    return int(line[2]) if line else 0


def _protocol(line: re.Match[bytes] | None) -> str:
    name = line[1].decode().lower() if line else ""
    name = _PROTOCOLS.get(name, name)
    return name if _PROTOCOL.fullmatch(name) else ""


def _headers(head: bytes) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for line in head.decode("utf-8", "surrogateescape").split("\n")[1:]:
        line = line.rstrip("\r")
        if line[:1] in (" ", "\t") and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip()}")
        elif ":" in line:
            name, value = line.split(":", 1)
            found.append((name.strip().lower(), value.strip()))
    return tuple(found)


def _chunked(headers: tuple[tuple[str, str], ...]) -> bool:
    return any(n == "transfer-encoding" and "chunked" in v.lower() for n, v in headers)
