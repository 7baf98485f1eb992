"""Requests for what the pages of a site need, each asset once (`assets` in sites.toml).

They obey the same rules as all requests: robots.txt of their host, the site's pace, only public
addresses; and every exchange is captured. Only assets may be fetched from other hosts (a CDN, say);
the answers of those say nothing about the site itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.http.urls import host_of
from spiders.fetch import reason_of
from spiders.fetch_options import FetchOptions, capture_of
from spiders.requisites.addresses import PAGE, of_style, requisites
from spiders.site_run import RunWriter

logger = logging.getLogger("baygan")
LARGEST = 32 * 1024 * 1024
# After all pages in Scrapy's queue, so that no page waits for the images of another one.
_PRIORITY = -1


class AssetRequests:
    """Requests for what the pages of one site need; none once `is_over` returns True."""

    def __init__(self, writer: RunWriter, is_over: Callable[[], bool]) -> None:
        self._writer = writer
        self._is_over = is_over
        self._host = host_of(writer.site.url)
        self._asked: set[str] = set()

    def of_page(self, body: bytes, url: str) -> Iterator[Request]:
        """Requests for what the page with this `body` needs and the archive does not have."""
        wanted = self._writer.site.assets
        if wanted and not self._is_over():
            yield from self._requests(requisites(body, url, wanted), styles=wanted == PAGE)

    def _requests(self, urls: list[str], *, styles: bool) -> Iterator[Request]:
        for url in urls:
            if url in self._asked or self._writer.index.assets.knows(url):
                continue
            self._asked.add(url)
            yield Request(
                url,
                callback=self._answered,
                errback=self._missed,
                priority=_PRIORITY,
                meta=FetchOptions(elsewhere=host_of(url) != self._host).meta(
                    handle_httpstatus_all=True,
                    allow_offsite=True,
                    download_maxsize=LARGEST,
                    max_retry_times=1,
                ),
                cb_kwargs={"url": url, "styles": styles},
            )

    def _answered(self, response: Response, url: str, styles: bool) -> Iterator[Request]:
        capture = capture_of(response)
        if response.status in (200, 403, 404, 410) and capture.intact:
            self._writer.note_asset(url)
        kind = (response.headers.get("Content-Type") or b"").lower()
        if styles and response.status == 200 and b"css" in kind:
            # Only one level deep: what an imported style sheet needs is not fetched.
            yield from self._requests(of_style(response.body, response.url), styles=False)

    def _missed(self, failure: Failure) -> None:
        request: Request = failure.request  # type: ignore[attr-defined]
        logger.info("%s missed: %s", request.url, reason_of(failure.value))
