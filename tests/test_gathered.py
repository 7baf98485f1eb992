"""A body of very many small pieces reaches Scrapy in a few."""

from __future__ import annotations

from twisted.internet.error import ConnectionDone
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from scraper.download.gathered import PIECE, GatheredBody


class Pieces(Protocol):
    """Keeps what it is given, and how it ended."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.ended: Failure | None = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self.pieces.append(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        self.ended = reason


def test_single_bytes_are_gathered_and_none_is_lost() -> None:
    receiver, transport = Pieces(), StringTransport()  # type: ignore[no-untyped-call]
    body = GatheredBody(receiver)
    body.makeConnection(transport)  # type: ignore[no-untyped-call]
    assert receiver.transport is transport
    sent = bytes(n % 251 for n in range(3 * PIECE + 7))
    for byte in sent:
        body.dataReceived(bytes([byte]))
    assert len(receiver.pieces) == 3
    reason = Failure(ConnectionDone())  # type: ignore[no-untyped-call]
    body.connectionLost(reason)
    assert b"".join(receiver.pieces) == sent
    assert receiver.ended is reason
