"""Recognises answers that are a block, so that the crawl does not take them for the site's own.

The answer is in the WARC by then, as evidence. Three blocks in a row end the run. If there is only
one between good answers, only that page is blocked: it stays due.
"""

from __future__ import annotations

import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.errors import Blocked
from scraper.blockpages import BlockPage, recognise
from scraper.download.redirects import follows, leads_back
from scraper.download.throttle import throttle_of
from spiders.fetch_options import FetchOptions, note_cookie

logger = logging.getLogger("baygan")


class BlockedMiddleware:
    """Raises Blocked for every answer that is a block, before Scrapy retries or redirects it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it came, or Blocked."""
        if FetchOptions.of(request).elsewhere:
            return response
        if response.headers.get("Set-Cookie"):
            note_cookie(request)
        loops = follows(request, response) and self._loops(request, response)
        block = recognise(response.body, response.status, _headers(response), loops=loops)
        if block and block.kind == "login" and not _lists(request):
            # Only this article is for members; the site is open.
            block = None
        throttle = throttle_of(self._crawler)
        if block is None:
            throttle.met(None)
            return response
        blocked = Blocked(_told(block, request.url), block.name)
        throttle.met(str(blocked))
        logger.warning("%s: %s", request.url, block.name)
        raise blocked

    def _loops(self, request: Request, response: Response) -> bool:
        """Whether the redirect leads back to itself, since the cookie it has set was not sent."""
        chain = len(request.meta.get("redirect_urls", ()))
        endless = chain >= self._crawler.settings.getint("REDIRECT_MAX_TIMES")
        return FetchOptions.of(request).cookie_set and (endless or leads_back(request, response))


def _lists(request: Request) -> bool:
    return FetchOptions.of(request).listing or bool(request.meta.get("dont_obey_robotstxt"))


def _told(block: BlockPage, url: str) -> str:
    return (
        f"{block.name} answered in place of {urlsplit(url).netloc}; its answer is kept as evidence,"
        f" earlier articles are safe. {block.advice}"
    )


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }
