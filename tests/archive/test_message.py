"""A response's payload is the same, whether all of it is looked at or the payload alone."""

from __future__ import annotations

import pytest

from archive.http.message import Message, payload

CHUNKED = b"3\r\nabc\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\nServer: nginx\n\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKED, b"abc"),
        (b"HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: gzip,\r\n Chunked\r\n\r\n" + CHUNKED, b"abc"),
        (b"HTTP/1.1 200 OK\r\nX: Transfer-Encoding: chunked\r\n\r\n" + CHUNKED, CHUNKED),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nabc", b"abc"),
        (b"HTTP/1.1 200 OK\r\nServer: nginx", b""),
        (b"no HTTP at all", b""),
        (b"", b""),
    ],
)
def test_the_payload_alone(raw: bytes, expected: bytes) -> None:
    assert payload(raw) == Message.parse(raw).payload == expected
