"""The wire tap: keeps every byte of an exchange as it passes through Twisted.

A Scrapy Response does not have the reason phrase, the chunks, and the spelling, order and white
space of the headers; a failed download has no Response at all. So the bytes are copied on the
connection:

    WireHandler.download_request       a Download, in a ContextVar            (handler.py)
      └ WirePool.getConnection         ties it to the connection it asks for
          ├ _TapFactory.buildProtocol  looks at the peer's address, mixes in the Tap
          ├ _TappedRequest.writeTo     copies the request as it is written
          ├ Tap.dataReceived           copies the response before Twisted parses it
          └ Tap._finishResponse        the exact end; what follows it is not the response

Twisted repeats a request by itself if a kept connection is dead. That begins a new Recording; the
one before it has no response byte.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from OpenSSL.SSL import Connection as TLSConnection
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IAddress, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web.client import HTTPConnectionPool
from twisted.web.iweb import IResponse

from archive.errors import WireBroken
from scraper.download.gathered import gather
from scraper.download.peers import require_public
from scraper.download.recording import HEADERS_MAX, Recording

INSTALL = 'pip install "scrapy>=2.19,<2.20" "twisted>=26.10,<27"'
"""Installs the versions whose private names are known; setup.cfg pins the same."""


def check_names() -> None:
    """Raise WireBroken unless the private names that the tap needs are there."""
    names = {
        "HTTP11DownloadHandler._pool": "_pool" in HTTP11DownloadHandler.__init__.__code__.co_names
        and "_pool" in HTTP11DownloadHandler.download_request.__code__.co_names,
        "HTTP11ClientProtocol._parser": hasattr(HTTP11ClientProtocol, "_parser"),
        "HTTP11ClientProtocol._finishResponse": hasattr(HTTP11ClientProtocol, "_finishResponse"),
    }
    missing = [name for name, there in names.items() if not there]
    if missing:
        raise WireBroken(
            f"The installed Scrapy or Twisted has no {' and no '.join(missing)}, without which"
            " the bytes on the wire cannot be kept. No request was sent and nothing was written."
            f" Type: {INSTALL}"
        )


@dataclass
class Download:
    """What one Scrapy request needs of the tap, and what was recorded for it.

    With `public` peers that are not public are refused; `private` is such an address, if the
    host's name has one. `maxsize` is DOWNLOAD_MAXSIZE in bytes (0: no limit); `cut` is
    WARC-Truncated's word for a response that is not whole.
    """

    public: bool
    maxsize: int = 0
    cut: str = "disconnect"
    private: str | None = None
    recording: Recording | None = None

    def begin(self, peer: Any) -> Recording:
        # Scrapy counts only the body, but chunk extensions can be a thousand times as large.
        limit = 2 * self.maxsize + HEADERS_MAX if self.maxsize else sys.maxsize
        self.recording = Recording(peer.host, peer.port, limit)
        return self.recording


DOWNLOAD: ContextVar[Download] = ContextVar("DOWNLOAD")
"""The download for which a connection is being asked."""


class WirePool:
    """Wraps Scrapy's own pool of connections, so that every connection has a Tap."""

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self._pool = pool
        self.persistent: bool = pool.persistent

    def getConnection(
        self, key: Hashable, endpoint: IStreamClientEndpoint
    ) -> Deferred[HTTP11ClientProtocol]:
        download = DOWNLOAD.get()
        tapped = cast(IStreamClientEndpoint, _TappedEndpoint(endpoint, download))
        connected = self._pool.getConnection(key, tapped)
        return cast(
            "Deferred[HTTP11ClientProtocol]",
            connected.addCallback(lambda connection: _BoundConnection(connection, download)),
        )

    def closeCachedConnections(self) -> Deferred[None]:
        return cast("Deferred[None]", self._pool.closeCachedConnections())  # type: ignore[no-untyped-call]


class _BoundConnection:
    """A connection that knows for which download it will be used next."""

    def __init__(self, connection: Any, download: Download) -> None:
        self._connection = connection
        self._download = download

    def request(self, request: Any) -> Deferred[IResponse]:
        return cast(
            "Deferred[IResponse]", self._connection.request(_TappedRequest(request, self._download))
        )


class _TappedRequest:
    """Twisted's request, copied into its download's recording while it is written."""

    def __init__(self, request: Any, download: Download) -> None:
        self._request = request
        self.download = download

    def __getattr__(self, name: str) -> Any:
        return getattr(self._request, name)

    def writeTo(self, transport: Any) -> Deferred[None]:
        assert self.download.recording is not None
        tee = _Tee(transport, self.download.recording.request)
        return cast("Deferred[None]", self._request.writeTo(tee))


class _Tee:
    """A transport that also keeps what is written to it."""

    def __init__(self, transport: Any, kept: bytearray) -> None:
        self._transport = transport
        self._kept = kept

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._kept += data
        self._transport.write(data)

    def writeSequence(self, parts: list[bytes]) -> None:
        self.write(b"".join(parts))


class _TappedEndpoint:
    """An address to connect to. The connection has a Tap, and with `public` its peer must be
    public."""

    def __init__(self, endpoint: Any, download: Download) -> None:
        self._endpoint = endpoint
        self._download = download

    def connect(self, factory: Factory) -> Deferred[Any]:
        tapped = _TapFactory(factory, self._download.public)
        # The host's name is looked up in here, and also when Twisted connects a second time.
        known = DOWNLOAD.set(self._download)
        try:
            return cast("Deferred[Any]", self._endpoint.connect(tapped))
        finally:
            DOWNLOAD.reset(known)


class _TapFactory(Factory):
    """Builds the protocol that `factory` builds, with a Tap in it.

    It is called after TCP is connected and before any byte of TLS or HTTP is sent. Here the
    address that is really used is checked once more, and a peer that is refused gets no byte.
    """

    noisy = False

    def __init__(self, factory: Factory, public: bool) -> None:
        self._factory = factory
        self._public = public

    def buildProtocol(self, addr: IAddress | None) -> Any:
        if self._public:
            require_public(cast(Any, addr).host)
        protocol: Any = self._factory.buildProtocol(addr)
        kind: Any = type(protocol)
        protocol.__class__ = _tapped(kind)
        return protocol


class Tap(HTTP11ClientProtocol):
    """Copies all received bytes into the recording of their exchange; mixed into Scrapy's
    protocol."""

    _recording: Recording | None = None

    def request(self, request: Any) -> Deferred[IResponse]:
        recording = request.download.begin(cast(Any, self.transport).getPeer())
        self._recording = recording
        responded = super().request(request)
        # Twisted's own limit is 16 KiB for a line; our limit for the whole section is enough.
        cast(Any, self._parser).MAX_LENGTH = HEADERS_MAX

        def headed(response: IResponse) -> IResponse:
            recording.headed = True
            gather(response)
            return response

        return responded.addCallback(headed)

    def dataReceived(self, data: bytes) -> None:
        recording = self._recording
        if recording is None or recording.ended is not None:
            super().dataReceived(data)  # type: ignore[no-untyped-call]
            return
        if not recording.response:
            recording.tls = _tls(self.transport)
        while data and recording.ended is None:
            part, data = data[: recording.room()], data[recording.room() :]
            if not part:
                self._overrun(recording)
                return
            recording.take(part)
            super().dataReceived(part)  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Failure | None = None) -> None:
        # A response without Content-Length or chunks ends only with a clean close; over TLS that
        # needs a closure alert (RFC 9112, 8 and 9.8).
        if self._recording is not None and reason is not None:
            self._recording.unclean = not isinstance(reason.value, ConnectionDone)
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:
        recording = self._recording
        if recording is not None and recording.ended is None:
            recording.whole = not recording.unclean
            recording.end(len(rest))
        super()._finishResponse(rest)

    def _overrun(self, recording: Recording) -> None:
        what = "response" if recording.headed else "header section"
        recording.overrun = f"The {what} is longer than {len(recording.response)} bytes"
        recording.end()
        cast(Any, self.transport).abortConnection()


@cache
def _tapped(protocol: type) -> type:
    return type(f"Tapped{protocol.__name__}", (Tap, protocol), {})


def _tls(transport: Any) -> tuple[str, str | None] | None:
    handle = transport.getHandle()
    if not isinstance(handle, TLSConnection):
        return None
    return handle.get_protocol_version_name(), handle.get_cipher_name()
