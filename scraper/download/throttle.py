"""The pace at which one site is asked: whose turn it is, and when.

`delay` is the least time in seconds from the start of one request to the start of the next;
with a delay above zero there is one request at a time. It is a floor. What makes it longer:

    Crawl-delay          what robots.txt asks for, 120 s at most
    a slow answer        the site rests as long as it worked: we keep it busy half the time
    a listing            a second at least, for it is dear to make
    chance               up to a fifth, so that no two archives fall into step
    429, 503, silence    twice as long each time; every good answer takes a tenth off again
    Retry-After          as it says

With a delay of zero (tests, intranets) only Retry-After counts.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.http_date import http_date

MAX_CRAWL_DELAY = 120.0
MAX_RETRY_AFTER = 3600.0
MAX_REST = 60.0
LISTING_DELAY = 1.0
JITTER = 0.2
EASE = 0.9
REFUSED = (429, 503)
STOPPING = object()
"""Signal: the run is to stop; whoever waits for a turn ends at once."""
STOPPED, REFUSES, LATER = "stopped", "refuses", "told-to-come-back-later"
SILENT, BROKEN, BLOCKS, SPENT = "answers-no-more", "errors-only", "blocks-us", "budget-spent"
OUT_OF_TURN = (STOPPED, REFUSES, LATER, SILENT, BROKEN, BLOCKS, SPENT)
PATIENCE = {REFUSES: 5, SILENT: 5, BROKEN: 20, BLOCKS: 3}
"""How many of a kind in a row end the night. Errors may be a few bad posts side by side."""


_PACES: WeakKeyDictionary[Crawler, Throttle] = WeakKeyDictionary()


class OutOfTurn(IgnoreRequest):
    """There is no turn for this request any more tonight; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Throttle:
    """One site's turns, `budget` of them a night at most.

    `over` is None, or why there are no more of them tonight; `block` is what the last block
    told. `patience` is how many answers of a kind in a row end the night.
    """

    def __init__(self, delay: float, at_once: int = 1, budget: int | None = None) -> None:
        self.delay = delay
        self.over: str | None = None
        self.block: str | None = None
        self.patience: Mapping[str, int] = PATIENCE
        self._budget = budget
        self._asked = 0
        self._turns = asyncio.Semaphore(1 if delay else at_once)
        self._next = 0.0
        self._slower = 1.0
        self._in_a_row: Counter[str] = Counter()
        self._stopped = asyncio.Event()

    @asynccontextmanager
    async def turn(self, *, listing: bool = False) -> AsyncIterator[None]:
        """Hold a turn for one request, from its start to its end.

        Raises OutOfTurn when the site asked us to stay away, or the run is to stop.
        """
        async with self._turns:
            while (pause := self._next - time.monotonic()) > 0 and not self.over:
                await self._sleep(pause)
            if self._budget is not None and self._asked >= self._budget:
                self.stop(SPENT)
            if self.over:
                raise OutOfTurn(self.over)
            self._asked += 1
            began = time.monotonic()
            self._next = began + self._gap(listing)
            yield
            if self.delay:
                ended = time.monotonic()
                self._next = max(self._next, ended + min(ended - began, MAX_REST))

    def stop(self, reason: str) -> None:
        """No more turns: requests that wait for theirs end at once."""
        self.over = self.over or reason
        self._stopped.set()

    def slow_down(self, crawl_delay: float) -> None:
        """Take a Crawl-delay from robots.txt: never faster than that, 120 s at most."""
        self.delay = max(self.delay, min(crawl_delay, MAX_CRAWL_DELAY))
        if self.delay:
            self._turns = asyncio.Semaphore(1)

    def heard(self, status: int, retry_after: float | None = None) -> None:
        """Take an answer into account. `retry_after` is in seconds: more than an hour of it
        ends the night."""
        if status in REFUSED:
            self._count(REFUSES)
            self._double(retry_after)
        elif status >= 500:
            self._count(BROKEN)
        else:
            self._in_a_row = Counter({BLOCKS: self._in_a_row[BLOCKS]})
            self._slower = max(1.0, self._slower * EASE)

    def heard_nothing(self) -> None:
        """There was no answer, or none that could be read."""
        self._count(SILENT)
        self._double(None)

    def met(self, block: str | None) -> None:
        """What answered was a block, which tells `block`, or the site itself."""
        if block:
            self.block = block
            self._count(BLOCKS)
        else:
            self._in_a_row[BLOCKS] = 0

    def _count(self, kind: str) -> None:
        self._in_a_row[kind] += 1
        if self._in_a_row[kind] >= self.patience.get(kind, math.inf):
            self.stop(kind)

    def _double(self, pause: float | None) -> None:
        self._slower *= 2
        if pause is None:
            pause = self._gap()
        if pause > MAX_RETRY_AFTER:
            self.stop(LATER)
        self._next = max(self._next, time.monotonic() + pause)

    def _gap(self, listing: bool = False) -> float:
        """Seconds from the start of a request to that of the next."""
        if not self.delay:
            return 0.0
        longest = max(self.delay, MAX_CRAWL_DELAY)
        gap = max(min(self.delay * self._slower, longest), LISTING_DELAY if listing else 0.0)
        return gap * random.uniform(1, 1 + JITTER)

    async def _sleep(self, pause: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), pause)
        except TimeoutError:
            return


def pace_of(crawler: Crawler) -> Throttle:
    """The one pace of the site that `crawler` crawls, shared by its http and https handlers."""
    if crawler not in _PACES:
        site = getattr(crawler.spider, "site", None)
        delay = crawler.settings.getfloat("DOWNLOAD_DELAY") if site is None else site.delay
        budget = None if site is None else site.budget
        _PACES[crawler] = Throttle(delay, crawler.settings.getint("CONCURRENT_REQUESTS"), budget)
    return _PACES[crawler]


def seconds_of(retry_after: str, date: str = "") -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds from now: a number or an HTTP date, which is
    compared with the answer's own `date`, for our clock may be wrong; None if it is neither.

    >>> seconds_of("Sat, 21 Nov 2026 10:00:30 GMT", "Sat, 21 Nov 2026 10:00:00 GMT")
    30.0
    """
    if retry_after.strip().isdecimal():
        return float(retry_after)
    moment = http_date(retry_after)
    if moment is None:
        return None
    return max(0.0, (moment - (http_date(date) or datetime.now(UTC))).total_seconds())
