"""robots.txt (RFC 9309), obeyed also when it cannot be read.

    2xx      its rules, of the first 512 KiB
    4xx      no rules: everything is allowed
    429, 5xx, no answer
             nothing is allowed until the next night

Scrapy's own middleware allows everything in the last case and knows no limit of size.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from archive.errors import Unreachable
from spiders.fetch import FAILURES, reason_of

logger = logging.getLogger(__name__)
SIZE_LIMIT = 512 * 1024
# A dead site is known by this first request: it must not hold up a night for minutes.
TIMEOUT = 20

Policy = ProtegoRobotParser | str | Unreachable | None
"""A host's rules; None if it has none, or why nothing is allowed."""


class Disallowed(IgnoreRequest):
    """robots.txt does not allow the request, or could not be read; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RobotsMiddleware:
    """Asks a host's robots.txt before anything else, once a night.

    Sends Scrapy's signal `robots_parsed` with the parser, for the sitemaps it names and its
    Crawl-delay.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._policies: dict[str, asyncio.Future[Policy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        policy = await self._policy(request)
        if isinstance(policy, Unreachable):
            raise policy
        if isinstance(policy, str):
            raise Disallowed(policy)
        if policy is not None and not policy.allowed(request.url, self._agent):
            raise Disallowed("robots.txt")

    async def _policy(self, request: Request) -> Policy:
        parts = urlsplit(request.url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._policies:
            self._policies[host] = asyncio.get_running_loop().create_future()
            self._policies[host].set_result(await self._ask(f"{host}/robots.txt", request))
        return await self._policies[host]

    async def _ask(self, url: str, request: Request) -> Policy:
        """The rules at `url`."""
        engine = self._crawler.engine
        assert engine is not None
        meta = {
            "dont_obey_robotstxt": True,
            "allow_offsite": True,
            "elsewhere": bool(request.meta.get("elsewhere")),
            "download_timeout": TIMEOUT,
            "max_retry_times": 1,
        }
        try:
            response = await engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        except Unreachable as error:
            return error
        except FAILURES as error:
            logger.warning("%s cannot be read: %s", url, error)
            return reason_of(error)
        if response.status == 429 or response.status >= 500:
            return f"robots.txt-http-{response.status}"
        return await self._read(response, request) if response.status < 300 else None

    async def _read(self, response: Response, request: Request) -> ProtegoRobotParser:
        # A large file takes a second to parse, in which nothing else would move.
        rules = await asyncio.to_thread(
            ProtegoRobotParser, response.body[:SIZE_LIMIT], self._crawler.spider
        )
        await self._crawler.signals.send_catch_log_async(
            signals.robots_parsed, robotparser=rules, request=request
        )
        return rules
