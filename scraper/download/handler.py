"""The download handler: Scrapy's own, which also hands every exchange to the spider's writer.

In Scrapy's settings:

    DOWNLOAD_HANDLERS = {"http": WireHandler, "https": WireHandler}
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, cast
from urllib.parse import urldefrag, urlsplit

from scrapy import signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.error import ConnectError
from twisted.web.client import HTTPConnectionPool

from archive.errors import BayganError, WireBroken, WriteFailed
from archive.http.urls import ascii_uri
from archive.model import Capture, Exchange
from archive.outcomes import Reason
from scraper.download.certificate import tls_fault
from scraper.download.lanes import MAX_CRAWL_DELAY
from scraper.download.peers import require_public
from scraper.download.throttle import STOPPING, Ending, seconds_of, throttle_of
from scraper.download.wire import DOWNLOAD, INSTALL, Download, WirePool
from spiders.fetch_options import FetchOptions, set_capture

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger("baygan")
NO_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
CAPTURE_FAILED = "capture_failed"
"""The spider's finish reason when an exchange could not be kept."""


class ProxyRefused(DownloadFailedError):
    """The proxy did not open a connection to the site."""

    reason = Reason.PROXY


class Sink(Protocol):
    """Where exchanges go: the spider's `writer`.

    `failure` is None until an exchange could not be kept. The handler then puts the error
    there and closes the spider with the reason CAPTURE_FAILED; from then on nothing is sent
    or captured, every download fails with that error, and the run raises it at its end.
    """

    failure: BayganError | None

    def capture(self, exchange: Exchange) -> Capture | None: ...


class WireHandler(HTTP11DownloadHandler):
    """Downloads as Scrapy does and keeps what was on the wire.

    The spider has a `writer` (a Sink), without which nothing is kept, as in `scrapy shell`; and a
    `site`, whose `allow_private` allows addresses that are not public. `capture_of` a response
    (spiders.fetch_options) is where it is stored, also if it was cut.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool = cast(HTTPConnectionPool, WirePool(self._pool))
        self._verified = crawler.settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
        self._throttle = throttle_of(crawler)
        crawler.signals.connect(self._robots_read, signals.robots_parsed)
        crawler.signals.connect(self._end_turns, STOPPING)

    def _robots_read(self, robotparser: RobotParser, request: Request) -> None:
        crawl_delay = robotparser.crawl_delay(self.crawler.settings["ROBOTSTXT_USER_AGENT"])
        if crawl_delay:
            self._throttle.slow_down(request.url, crawl_delay)
            if crawl_delay > MAX_CRAWL_DELAY:
                logger.info("Crawl-delay %g is taken for %g", crawl_delay, MAX_CRAWL_DELAY)

    def _end_turns(self) -> None:
        self._throttle.stop(Ending.STOPPED)

    @property
    def _writer(self) -> Sink | None:
        return cast("Sink | None", getattr(self.crawler.spider, "writer", None))

    @property
    def _allow_private(self) -> bool:
        site = getattr(self.crawler.spider, "site", None)
        return bool(getattr(site, "allow_private", False))

    async def download_request(self, request: Request) -> Response:
        """Scrapy's Response, after its exchange was handed to the writer.

        Raises what Scrapy raises (DownloadCancelledError also for a header section without end),
        PrivatePeer, and the error of the writer if the exchange cannot be kept.
        """
        # The meta of a retry or a redirect was copied from an earlier request.
        set_capture(request, None)
        url, options = request.url, FetchOptions.of(request)
        listing, elsewhere = options.listing, options.elsewhere
        page = not (listing or request.meta.get("dont_obey_robotstxt"))
        turn = self._throttle.turn(url, listing=listing, page=page, elsewhere=elsewhere)
        async with turn:
            began = time.monotonic()
            try:
                response = await self._download(request)
            except NO_ANSWER as error:
                if fault := tls_fault(error, urlsplit(url).netloc):
                    raise fault from error
                seconds = time.monotonic() - began
                self._throttle.heard_nothing(url, seconds, elsewhere=elsewhere)
                raise
            told = [_header(response, name) for name in ("Retry-After", "Date")]
            self._throttle.heard(url, response.status, seconds_of(*told), elsewhere=elsewhere)
        return response

    async def _download(self, request: Request) -> Response:
        self._refuse_after_failure()
        download = self._begin(request)
        DOWNLOAD.set(download)
        try:
            with _cut_reason(download), _connecting(download):
                response = await super().download_request(request)
        finally:
            exchange = self._keep(request, download)
        if exchange is None:
            raise self._stop(
                WireBroken(
                    f"{request.url} was answered, but its bytes went past the wire tap. What was"
                    f" stored before is safe. Type: {INSTALL}"
                )
            )
        if exchange.truncated and "dataloss" not in response.flags:
            response.flags.append("dataloss")
        return response

    def _begin(self, request: Request) -> Download:
        # A proxy is named by the operator and resolves the site's name itself.
        trusted = self._allow_private or bool(request.meta.get("proxy"))
        maxsize = request.meta.get("download_maxsize", self._default_maxsize)
        return Download(public=not trusted, maxsize=maxsize)

    def _keep(self, request: Request, download: Download) -> Exchange | None:
        """Hand the exchange to the writer and return it; None if not one byte was answered."""
        exchange = self._exchange(request, download)
        if exchange is None or self._writer is None:
            return exchange
        self._refuse_after_failure()
        try:
            capture = self._writer.capture(exchange)
        except BayganError as error:
            self._stop(error)
            raise
        except OSError as error:
            # Scrapy would take an OSError for one of the network, and try again.
            raise self._stop(
                WriteFailed(f"{request.url} could not be stored: {error}. What was stored is safe.")
            ) from error
        set_capture(request, capture)
        return exchange

    def _exchange(self, request: Request, download: Download) -> Exchange | None:
        recording = download.recording
        if recording is None or not recording.response:
            return None
        recording.end()
        assert recording.ended is not None
        version, cipher = recording.tls or (None, None)
        options = FetchOptions.of(request)
        return Exchange(
            # Scrapy leaves a % that begins no escape.
            url=ascii_uri(urldefrag(request.url).url),
            method=request.method,
            request=bytes(recording.request),
            response=bytes(recording.response),
            ip=recording.ip,
            port=recording.port,
            started=recording.started,
            ended=recording.ended,
            tls_version=version,
            tls_cipher=cipher,
            tls_verified=self._verified if version else None,
            truncated=None if recording.whole else download.cut,
            page_url=options.page_url,
            hints=options.hints,
            continues=options.continues,
        )

    def _refuse_after_failure(self) -> None:
        if self._writer is not None and self._writer.failure is not None:
            raise self._writer.failure

    def _stop(self, error: BayganError) -> BayganError:
        """Store why nothing can be kept any more, close the spider, and return the error."""
        if self._writer is not None and self._writer.failure is None:
            self._writer.failure = error
            assert self.crawler.engine is not None
            deferred_from_coro(self.crawler.engine.close_spider_async(reason=CAPTURE_FAILED))
        return error


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


@contextmanager
def _connecting(download: Download) -> Iterator[None]:
    """Translate errors that Scrapy does not: there is no route to the server, or the proxy did not
    connect to it. PrivatePeer if the host's name has only addresses that are not public."""
    try:
        yield
    except CannotResolveHostError:
        if download.private:
            require_public(download.private)
        raise
    except TunnelError as error:
        raise ProxyRefused(str(error)) from error
    except (ConnectError, OSError) as error:
        raise DownloadFailedError(str(error)) from error


@contextmanager
def _cut_reason(download: Download) -> Iterator[None]:
    """Set the reason why the response is cut, by the error that ended the download."""
    try:
        yield
    except DownloadTimeoutError:
        download.cut = "time"
        raise
    except DownloadCancelledError:
        download.cut = "length"
        raise
    except (DownloadFailedError, ResponseDataLossError) as error:
        overrun = download.recording.overrun if download.recording else None
        if overrun is None:
            raise
        download.cut = "length"
        raise DownloadCancelledError(overrun) from error
    except (asyncio.CancelledError, GeneratorExit):
        # The process ends, and the run with it.
        download.recording = None
        raise
