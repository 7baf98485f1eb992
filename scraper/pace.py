"""The pace at which one site is asked: whose turn it is, and when.

`delay` is the least time in seconds from the start of one request to the start of the next;
with a delay above zero there is one request at a time. A site's Crawl-delay makes it longer,
Retry-After and refusals make it wait.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

MAX_CRAWL_DELAY = 120.0
MAX_RETRY_AFTER = 3600.0
MAX_REFUSALS = 5
REFUSED = (429, 503)
STOPPING = object()
"""Signal: the run is to stop; whoever waits for a turn ends at once."""
STOPPED, REFUSES, LATER = "stopped", "refuses", "told-to-come-back-later"
OUT_OF_TURN = (STOPPED, REFUSES, LATER)


_PACES: WeakKeyDictionary[Crawler, Pace] = WeakKeyDictionary()


class OutOfTurn(IgnoreRequest):
    """There is no turn for this request any more tonight; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Pace:
    """One site's turns. `over` is None, or why there are no more of them tonight."""

    def __init__(self, delay: float, at_once: int) -> None:
        self.delay = delay
        self.over: str | None = None
        self._turns = asyncio.Semaphore(1 if delay else at_once)
        self._next = 0.0
        self._refusals = 0
        self._stopped = asyncio.Event()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold a turn for one request, from its start to its end.

        Raises OutOfTurn when the site asked us to stay away, or the run is to stop.
        """
        async with self._turns:
            while (pause := self._next - time.monotonic()) > 0 and not self.over:
                await self._sleep(pause)
            if self.over:
                raise OutOfTurn(self.over)
            self._next = time.monotonic() + self.delay
            yield

    def stop(self, reason: str) -> None:
        """No more turns: requests that wait for theirs end at once."""
        self.over = self.over or reason
        self._stopped.set()

    def slow_down(self, crawl_delay: float) -> None:
        """Take a Crawl-delay from robots.txt: never faster than that, 120 s at most."""
        self.delay = max(self.delay, min(crawl_delay, MAX_CRAWL_DELAY))
        if self.delay:
            self._turns = asyncio.Semaphore(1)

    def heard(self, status: int, retry_after: str = "") -> None:
        """Take an answer into account: refusals make longer pauses, the fifth in a row ends
        the night, and so does a Retry-After of more than an hour."""
        if status not in REFUSED:
            self._refusals = 0
            return
        self._refusals += 1
        pause = seconds_of(retry_after)
        if pause is None:
            pause = self.delay * 2**self._refusals
        if pause > MAX_RETRY_AFTER:
            self.stop(LATER)
        elif self._refusals >= MAX_REFUSALS:
            self.stop(REFUSES)
        self._next = max(self._next, time.monotonic() + pause)

    async def _sleep(self, pause: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), pause)
        except TimeoutError:
            return


def pace_of(crawler: Crawler) -> Pace:
    """The one pace of the site that `crawler` crawls, shared by its http and https handlers."""
    if crawler not in _PACES:
        site = getattr(crawler.spider, "site", None)
        delay = crawler.settings.getfloat("DOWNLOAD_DELAY") if site is None else site.delay
        _PACES[crawler] = Pace(delay, crawler.settings.getint("CONCURRENT_REQUESTS"))
    return _PACES[crawler]


def seconds_of(retry_after: str) -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds from now: a number or an HTTP date; None if
    it is neither."""
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
