"""A client that adds nothing: raw requests out, raw bytes in; and a plain fetch."""

import http.client
import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPMessage
from urllib.parse import urlsplit

from tests.newsroom.server import Server

RESET = b"<RST>"
"""What `ask` puts after the bytes of a connection that was reset."""


def get(path: str, extra: str = "Connection: close\r\n", method: str = "GET") -> bytes:
    """A request as bytes, its Host header in odd case."""
    return f"{method} {path} HTTP/1.1\r\nhOST: news\r\n{extra}\r\n".encode()


def ask(server: Server, *requests: bytes, timeout: float = 5, limit: int = 2**30) -> bytes:
    """Send raw requests over one connection and read to its end, or ``limit`` bytes and more.

    TimeoutError if the end does not come.
    """
    plug = socket.create_connection((server.host, server.port), timeout=timeout)
    if server.ca_file is not None:
        context = ssl.create_default_context(cafile=server.ca_file)
        plug = context.wrap_socket(plug, server_hostname=server.host, suppress_ragged_eofs=False)
    seen = bytearray()
    with plug:
        for request in requests:
            plug.sendall(request)
        try:
            while len(seen) < limit and (data := plug.recv(65536)):
                seen += data
        except (ConnectionResetError, ssl.SSLEOFError):  # OpenSSL calls an RST a ragged end
            seen += RESET
    return bytes(seen)


@dataclass
class Reply:
    """An answer as the standard library's client understands it."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def fetch(url: str, method: str = "GET", **headers: str) -> Reply:
    """One request, no redirect followed; ``headers`` with underscores for hyphens."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    with closing(connection):
        connection.request(method, target, headers=sent)
        with connection.getresponse() as response:
            return Reply(response.status, response.headers, response.read())
