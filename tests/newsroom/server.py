"""A web server that keeps its own bytes: the witness against which captures are compared."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from tests.newsroom.answer import Answer
from tests.newsroom.connection import Connection
from tests.newsroom.request import Request

Handler = Callable[[Request], Answer | None]
"""Decides what a request gets; None ends the connection without a byte."""


@dataclass
class Exchange:
    """One request and what was sent for it, byte for byte.

    ``response`` grows while the answer is under way; a byte stands in it before it is on the
    wire, so whatever a client has seen is here. ``done`` is set when the answer is finished.
    ``arrived`` is when the request's last byte was there, on the clock of `time.monotonic`.
    """

    connection: int
    asked: Request
    arrived: float
    sent: list[bytes] = field(default_factory=list)
    done: bool = False

    @property
    def request(self) -> bytes:
        return self.asked.raw

    @property
    def response(self) -> bytes:
        return b"".join(self.sent)

    @property
    def method(self) -> str:
        return self.asked.method

    @property
    def path(self) -> str:
        return self.asked.path

    @property
    def target(self) -> str:
        return self.asked.target


class Server:
    """Serves ``answer`` on ``host`` from a thread of its own, as a context manager.

    >>> with Server(lambda request: Answer.page(b"salaam")) as server:
    ...     urllib.request.urlopen(server.url).read()
    ...     server.exchanges[0].request
    b'salaam'
    b'GET / HTTP/1.1\\r\\n…'

    ``tls=True`` serves https with a fresh certificate for 127.0.0.1 and localhost whose
    authority is the file ``ca_file``; an `ssl.SSLContext` is used as it is. ``record=False``
    keeps nothing, for benchmarks. What the handler raises is raised again when the server stops.
    """

    def __init__(
        self,
        answer: Handler,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool | ssl.SSLContext = False,
        record: bool = True,
    ) -> None:
        self.answer = answer
        self.host = host
        self.port = port
        self.record = record
        self.ca_file: Path | None = None
        self.connections = 0
        self._tls = tls
        self._exchanges: list[Exchange] = []
        self._open: set[Connection] = set()
        self._failures: list[BaseException] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="newsroom")
        self._folder: TemporaryDirectory[str] | None = None
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """The address of the front page, with the slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}/"

    @property
    def exchanges(self) -> list[Exchange]:
        """Every exchange so far, in the order the requests were complete."""
        return list(self._exchanges)

    def forget(self) -> None:
        """Drop the recorded exchanges."""
        self._exchanges.clear()

    def start(self) -> None:
        """Listen; returns when connections are accepted. OSError if the port is taken."""
        self._loop.set_exception_handler(self._note_failure)
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        except (OSError, OverflowError):
            self.stop()
            raise

    def stop(self) -> None:
        """Close every connection, end the thread, raise what the handler raised."""
        asyncio.run_coroutine_threadsafe(self._hush(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if self._folder is not None:
            self._folder.cleanup()
        if self._failures:
            raise self._failures[0]

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    # What a Connection asks of its server; always called in the server's thread.

    def opened(self, connection: Connection) -> int:
        """Note a new connection and give it its number, from 1."""
        self._open.add(connection)
        self.connections += 1
        return self.connections

    def closed(self, connection: Connection) -> None:
        self._open.discard(connection)

    def asked(self, connection: int, request: Request, arrived: float) -> Exchange | None:
        """Open the record of an exchange; None when nothing is to be kept."""
        if not self.record:
            return None
        exchange = Exchange(connection, request, arrived)
        self._exchanges.append(exchange)
        return exchange

    def failed(self, error: BaseException) -> None:
        self._failures.append(error)

    async def _listen(self) -> None:
        self._listener = await self._loop.create_server(
            lambda: Connection(self), self.host, self.port, ssl=self._context(), backlog=512
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def _hush(self) -> None:
        if self._listener is not None:
            self._listener.close()
        for connection in list(self._open):
            connection.drop()
        await asyncio.sleep(0)  # one turn of the loop, in which the sockets are closed

    def _context(self) -> ssl.SSLContext | None:
        if isinstance(self._tls, ssl.SSLContext):
            return self._tls
        if not self._tls:
            return None
        import trustme  # the demo serves plain http and does without it

        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        self._folder = TemporaryDirectory()
        self.ca_file = Path(self._folder.name) / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca_file))
        return context

    def _note_failure(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, BaseException]
    ) -> None:
        error = context.get("exception")
        self.failed(error if error is not None else RuntimeError(str(context)))
