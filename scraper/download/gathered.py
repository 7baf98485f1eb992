"""A body in pieces of some size: Scrapy looks at each that it gets, and a server may send single
bytes by the hundred thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure

PIECE = 32 * 1024


class GatheredBody(Protocol):
    """Passes a body on to `receiver`, PIECE bytes at a time."""

    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver
        self._waiting = bytearray()

    def connectionMade(self) -> None:
        self._receiver.makeConnection(self.transport)

    def dataReceived(self, data: bytes) -> None:
        self._waiting += data
        if len(self._waiting) >= PIECE:
            self._pass_on()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._pass_on()
        self._receiver.connectionLost(reason)

    def _pass_on(self) -> None:
        if self._waiting:
            data = bytes(self._waiting)
            self._waiting.clear()
            self._receiver.dataReceived(data)


def gather(response: Any) -> None:
    """Have Twisted's `response` deliver its body so."""
    deliver = cast("Callable[[Protocol], None]", response.deliverBody)
    response.deliverBody = lambda receiver: deliver(GatheredBody(receiver))
