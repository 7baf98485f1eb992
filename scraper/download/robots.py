"""robots.txt (RFC 9309), obeyed also when it cannot be read.

    2xx      its rules, of the first 512 KiB
    4xx      no rules: everything is allowed
    429, 5xx, no answer, none that can be read
             nothing is allowed until the next run

Scrapy's own middleware allows everything in the last case and has no limit of size.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Self
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from archive.errors import BayganError, Unreachable
from archive.outcomes import Reason
from scraper.download.throttle import OUT_OF_TURN
from spiders.fetch import NETWORK, reason_of
from spiders.fetch_options import FetchOptions

logger = logging.getLogger(__name__)
SIZE_LIMIT = 512 * 1024
_AGENT = re.compile(rb"(^[ \t]*user[- ]?agent[ \t]*:?[ \t]*)(\*|[a-z_-]*)[^\n]*", re.I | re.M)
# Seconds. This is the first request to a site: if it is dead it must not hold up the run.
TIMEOUT = 20

Policy = ProtegoRobotParser | str | Unreachable | None
"""A host's rules; None if it has none; a reason or an error if nothing is allowed."""


class Disallowed(IgnoreRequest):
    """robots.txt does not allow the request, or could not be read; `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RobotsMiddleware:
    """Fetches a host's robots.txt before anything else, once in a run.

    Sends Scrapy's signal `robots_parsed` with the parser: others need its sitemaps and its
    Crawl-delay.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"]
        self._policies: dict[str, asyncio.Task[Policy]] = {}

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
            raise Disallowed(Reason.ROBOTS)

    async def _policy(self, request: Request) -> Policy:
        """The rules of the host. The first request to it fetches them, others wait for them. Raises
        the error that ends the run, if there is one."""
        parts = urlsplit(request.url)
        host = f"{parts.scheme}://{parts.netloc}"
        if host not in self._policies:
            # Not a plain future: after an error nobody would end it. A task always ends.
            self._policies[host] = asyncio.ensure_future(self._ask(f"{host}/robots.txt", request))
        return await asyncio.shield(self._policies[host])

    async def _ask(self, url: str, request: Request) -> Policy:
        """The rules at `url`, or why nothing is allowed.

        Raises only errors of baygan that end the run (the disk is full, say), never Unreachable.
        """
        engine = self._crawler.engine
        assert engine is not None
        meta = FetchOptions(elsewhere=FetchOptions.of(request).elsewhere).meta(
            dont_obey_robotstxt=True,
            allow_offsite=True,
            download_timeout=TIMEOUT,
            max_retry_times=1,
        )
        robots = Request(url, callback=NO_CALLBACK, meta=meta)
        [answer] = await asyncio.gather(engine.download_async(robots), return_exceptions=True)
        if isinstance(answer, Unreachable):
            return answer
        if isinstance(answer, BayganError | asyncio.CancelledError):
            raise answer
        if isinstance(answer, BaseException):
            reason = reason_of(answer)
            logger.warning("%s cannot be read: %s (%s)", url, reason, answer)
            return reason if reason in (*NETWORK, *OUT_OF_TURN) else f"robots.txt-{reason}"
        if answer.status == 429 or answer.status >= 500:
            return f"robots.txt-http-{answer.status}"
        return await self._read(answer, request) if answer.status < 300 else None

    async def _read(self, response: Response, request: Request) -> ProtegoRobotParser:
        body = named(response.body[:SIZE_LIMIT], self._agent)
        # A large file takes a second to parse: in a thread, so that everything else goes on.
        rules = await asyncio.to_thread(ProtegoRobotParser, body, self._crawler.spider)
        await self._crawler.signals.send_catch_log_async(
            signals.robots_parsed, robotparser=rules, request=request
        )
        return rules


def named(robots: bytes, agent: str) -> bytes:
    """The file with only product names in its User-agent lines: `*`, ours or `other`.

    Sites copy `baygan/0.1.0` from their logs and mean baygan; `bay` does not mean it (RFC 9309,
    2.2.1). A parser alone would compare the whole line, or only the beginning of our name.

    >>> named(b"User-Agent: Baygan/0.1 (a bot)", "baygan")
    b'User-Agent: baygan'
    """
    known = (b"*", agent.encode())

    def name(line: re.Match[bytes]) -> bytes:
        product = line[2].lower()
        return line[1] + (product if product in known else b"other")

    text = robots.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"\n")
    return _AGENT.sub(name, text)
