"""One connection to the server: reads requests, sends answers, keeps the bytes of both."""

import asyncio
import socket
import struct
import time
from typing import TYPE_CHECKING, cast

from tests.newsroom.answer import Answer
from tests.newsroom.request import Request, take_request

if TYPE_CHECKING:
    from tests.newsroom.server import Exchange, Server

SETTLE = 0.02
"""Seconds between the last byte and an RST, so that the client has read what was sent."""
# Linux's struct tcp_info: the milliseconds since the last data came in stand at this byte.
_LAST_DATA, _TCP_INFO = 52, 104


class Connection(asyncio.Protocol):
    """Answers one request after the other; an answer without pauses goes out in one write."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._buffer = bytearray()
        self._busy = False
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        # "Writable" is said only when every byte is with the kernel. With a limit of 0 asyncio's
        # TLS transport would stay unwritable for ever.
        self._transport.set_write_buffer_limits(high=1)
        self._number = self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.closed(self)
        self._writable.set()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self.arrived = time.monotonic() - self._waited()
        self._buffer += data
        self._work()

    def drop(self) -> None:
        """End the connection now."""
        self._transport.abort()

    def _waited(self) -> float:
        """How many seconds the last data lay in the kernel: a busy machine lets a thread wait."""
        wire: socket.socket = self._transport.get_extra_info("socket")
        told = wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO)
        milliseconds: int = struct.unpack_from("I", told, _LAST_DATA)[0]
        return milliseconds / 1000

    def _work(self) -> None:
        while not self._busy and not self._transport.is_closing():
            request = take_request(self._buffer)
            if request is None:
                return
            self._busy = True
            exchange = self._server.asked(self._number, request, self.arrived)
            answer = self._server.answer(request) or Answer(b"", end="close")
            if request.method == "HEAD" and answer.head:
                answer = Answer(answer.head, (), answer.delay, 0.0, answer.end)
            if answer.delay or answer.interval or answer.end == "reset" or _lazy(answer):
                self._task = asyncio.create_task(self._slowly(request, answer, exchange))
                self._task.add_done_callback(self._finished)
            else:
                self._write(b"".join((answer.head, *answer.body)), exchange)
                self._end(request, answer, exchange)

    async def _slowly(self, request: Request, answer: Answer, exchange: "Exchange | None") -> None:
        """Send an answer with its pauses, no faster than the client reads."""
        await asyncio.sleep(answer.delay)
        self._write(answer.head, exchange)
        for piece in answer.body:
            await asyncio.sleep(answer.interval)
            await self._writable.wait()
            if self._transport.is_closing():
                return
            self._write(piece, exchange)
        await self._writable.wait()
        if answer.end == "reset":
            await asyncio.sleep(SETTLE)
        self._end(request, answer, exchange)

    def _write(self, data: bytes, exchange: "Exchange | None") -> None:
        if not data:
            return
        if exchange is not None:
            exchange.sent.append(data)
        self._transport.write(data)

    def _end(self, request: Request, answer: Answer, exchange: "Exchange | None") -> None:
        if exchange is not None:
            exchange.done = True
        if answer.end == "hang":
            return
        if answer.end == "reset":
            self._reset()
        elif answer.end == "close" or not request.keeps_alive:
            self._transport.close()
        else:
            self._busy = False

    def _reset(self) -> None:
        """Closing with a linger of 0 s makes the kernel send RST, not FIN."""
        plug: socket.socket = self._transport.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.abort()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self._server.failed(error)
            self._transport.abort()
        else:
            self._work()


def _lazy(answer: Answer) -> bool:
    """A body made while it is sent (maybe endless) must wait for the client."""
    return not isinstance(answer.body, tuple)
