"""One HTTP request as it came in, read from its raw bytes."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """A whole request: ``head`` up to and with the empty line, then ``body``.

    >>> Request(b"GET /a?page=2 HTTP/1.1\\r\\nHost: news\\r\\n\\r\\n").query
    {'page': '2'}
    """

    head: bytes
    body: bytes = b""

    @property
    def raw(self) -> bytes:
        """Exactly what the client sent."""
        return self.head + self.body

    @cached_property
    def line(self) -> tuple[str, str, str]:
        """Method, target and version; missing parts are empty."""
        method, _, rest = self.head.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        target, _, version = rest.rpartition(" ")
        return method, target, version

    @property
    def method(self) -> str:
        return self.line[0]

    @property
    def target(self) -> str:
        """Path and query as they stood on the request line."""
        return self.line[1]

    @cached_property
    def path(self) -> str:
        """The path, percent-decoded, without the query."""
        return unquote(urlsplit(self.target).path)

    @cached_property
    def query(self) -> dict[str, str]:
        """The query; of a repeated name the last value counts, as in PHP."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def page(self) -> int:
        """WordPress's ``paged``, 1 when it is missing or no number."""
        paged = self.query.get("paged", "")
        return int(paged) if paged.isdecimal() else 1

    @cached_property
    def headers(self) -> dict[str, str]:
        """Header values under lower-case names."""
        lines = self.head[: -len(HEAD_END)].decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return {name.strip().lower(): value.strip() for name, _, value in pairs}

    @property
    def keeps_alive(self) -> bool:
        """Whether the client lets the connection stay open (RFC 9112, 9.3)."""
        connection = self.headers.get("connection", "").lower()
        if self.line[2] == "HTTP/1.0":
            return connection == "keep-alive"
        return connection != "close"

    @property
    def accepts_gzip(self) -> bool:
        return "gzip" in self.headers.get("accept-encoding", "")


def take_request(buffer: bytearray) -> Request | None:
    """Cut the first whole request out of ``buffer``; None while it is not all there."""
    end = buffer.find(HEAD_END)
    if end < 0:
        return None
    end += len(HEAD_END)
    request = Request(bytes(buffer[:end]))
    length = int(request.headers.get("content-length", "0"))
    if len(buffer) < end + length:
        return None
    body = bytes(buffer[end : end + length])
    del buffer[: end + length]
    return Request(request.head, body) if length else request
