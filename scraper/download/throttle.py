"""The pace of the requests to one site.

`delay` is the least time in seconds from the start of one request to the start of the next. With a
delay above zero there is one request at a time. The delay is for a host: sites on the same host
share its turns, at the pace of the slowest of them. The delay is longer after or for:

    Crawl-delay          as robots.txt asks, at most 120 s
    a slow answer        the host rests as long as it worked: we keep it busy half the time
    a listing            at least a second, since it is much work for the site
    chance               up to a fifth longer, so that several archives do not keep in step
    429, 503, no answer  twice as long each time; every good answer takes a tenth off again
    Retry-After          as it says

With a delay of zero (tests, intranets) only Retry-After counts.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from archive.outcomes import Reason
from archive.text.numbers import number_of
from archive.times.http_date import http_date
from scraper.download.lanes import MAX_CRAWL_DELAY, Lane, Lanes

MAX_RETRY_AFTER = 3600.0
# The most seconds to wait for another host's images. A Crawl-delay with its jitter is shorter.
MAX_ELSEWHERE = 150.0
REFUSED = (429, 503)
STOPPING = object()
"""Signal: the run is to stop. Requests that wait for a turn end at once."""


class Ending(StrEnum):
    """Why a site is asked for nothing more in this run."""

    STOPPED = Reason.STOPPED.value
    """The run is to stop."""
    REFUSES = "refuses"
    LATER = "told-to-come-back-later"
    SILENT = "answers-no-more"
    BROKEN = "errors-only"
    BLOCKS = "blocks-us"
    SPENT = "budget-spent"
    """The budget of sites.toml."""


OUT_OF_TURN: frozenset[str] = frozenset(Ending)
PATIENCE = {Ending.REFUSES: 5, Ending.SILENT: 5, Ending.BROKEN: 20, Ending.BLOCKS: 3}
"""How many answers of a kind in a row end the run. Errors may come from a few bad posts in a row,
so there must be more of them."""
MOST_SILENCE = 200.0
"""So many seconds in a row without an answer end the run, too: more than three attempts at one page
take."""
MOST_LISTING = 12 * 3600.0
"""So many seconds in all a site may take to answer for its listings. Our own pauses do not count:
a large site that asks for long ones is read to its end."""


_THROTTLES: WeakKeyDictionary[Crawler, Throttle] = WeakKeyDictionary()
# One for the process, since a process is one run.
_LANES = Lanes()


class OutOfTurn(IgnoreRequest):
    """There is no turn for this request in this run any more; `reason` says why."""

    def __init__(self, reason: Ending) -> None:
        super().__init__(reason)
        self.reason = reason


class Throttle:
    """The turns of one site, at most `budget` of them in a run, in the `lanes` that all sites of a
    run share. `delay` is the site's own, in seconds. After `until` (time.monotonic) no page is
    begun, after `list_until` nothing else either.

    `over` is why there are no more turns in this run; None while there are. `block` is the
    message of the last block. `patience` is how many answers of a kind in a row end the run,
    `most_listing` how many seconds the site may take for its listings.
    """

    def __init__(
        self,
        delay: float,
        at_once: int = 1,
        budget: int | None = None,
        lanes: Lanes | None = None,
        until: float | None = None,
        list_until: float | None = None,
    ) -> None:
        self.over: Ending | None = None
        self.block: str | None = None
        self.patience: Mapping[Ending, int] = PATIENCE
        self.most_listing = MOST_LISTING
        self._delay = delay
        self._at_once = at_once
        self._budget = budget
        self._lanes = lanes or Lanes()
        self._until = until
        self._list_until = list_until
        self._silent: Counter[Lane] = Counter()
        self._asked = 0
        self._in_a_row: Counter[Ending] = Counter()
        self._silence = self._listing = 0.0
        self._stopped = asyncio.Event()

    @asynccontextmanager
    async def turn(
        self, url: str, *, listing: bool = False, page: bool = False, elsewhere: bool = False
    ) -> AsyncIterator[None]:
        """Hold a turn for one request to `url`, from its start to its end. It may be for a
        `listing`, for a `page` of the site, or for what a page needs from another host
        (`elsewhere`).

        Raises OutOfTurn if the site asked us to stay away, or the run is to stop.
        """
        service, host = self.lanes(url)
        patience = MAX_ELSEWHERE if elsewhere else MAX_RETRY_AFTER
        until = self._until if page else self._list_until
        pause = partial(self._pause, patience=patience, until=until)
        async with service.waited(pause), host.waited(pause):
            if self._budget is not None and self._asked >= self._budget:
                self.stop(Ending.SPENT)
            self._go_on(until)
            if listing and self.is_slow:
                raise OutOfTurn(Ending.STOPPED)
            if elsewhere and self._silent[host] >= PATIENCE[Ending.SILENT]:
                raise OutOfTurn(Ending.SILENT)
            self._asked += 1
            service.begin(listing=listing)
            host.begin(listing=listing)
            began = time.monotonic()
            try:
                yield
            finally:
                self._listing += time.monotonic() - began if listing else 0
            service.end()
            host.end()

    @property
    def is_slow(self) -> bool:
        """Whether the site took too long for its listings: they are asked for no more."""
        return self._listing >= self.most_listing

    def lanes(self, url: str) -> tuple[Lane, Lane]:
        """The lanes of the service and the host of `url`, at most as fast as this site allows."""
        service, host = self._lanes.of(url, self._at_once)
        host.slow_down(self._delay)
        return service, host

    def stop(self, reason: Ending) -> None:
        """Give no more turns: requests that wait for theirs end at once."""
        self.over = self.over or reason
        self._stopped.set()

    def slow_down(self, url: str, crawl_delay: float) -> None:
        """Obey the Crawl-delay (seconds, at most 120) in the robots.txt of `url`, for its
        service."""
        service, _ = self.lanes(url)
        service.slow_down(min(crawl_delay, MAX_CRAWL_DELAY))

    def heard(
        self, url: str, status: int, retry_after: float | None = None, *, elsewhere: bool = False
    ) -> None:
        """Adapt the pace to an answer. `retry_after` is in seconds: more than an hour ends the
        run. An answer of another host (`elsewhere`) changes only the pace for that host."""
        if status in REFUSED:
            self._double(url, retry_after)
        elif status < 500:
            for lane in self.lanes(url):
                lane.ease()
        if elsewhere:
            self._silent[self.lanes(url)[1]] = 0
        elif status in REFUSED:
            self._count(Ending.REFUSES)
            if retry_after is not None and retry_after > MAX_RETRY_AFTER:
                self.stop(Ending.LATER)
        elif status >= 500:
            self._count(Ending.BROKEN)
        else:
            self._silence = 0.0
            self._in_a_row = Counter({Ending.BLOCKS: self._in_a_row[Ending.BLOCKS]})

    def heard_nothing(self, url: str, seconds: float = 0, *, elsewhere: bool = False) -> None:
        """Adapt the pace after no answer, or one that could not be read, in so many seconds."""
        self._double(url, None)
        if elsewhere:
            self._silent[self.lanes(url)[1]] += 1
            return
        self._count(Ending.SILENT)
        self._silence += seconds
        if self._silence >= MOST_SILENCE and Ending.SILENT in self.patience:
            self.stop(Ending.SILENT)

    def met(self, block: str | None) -> None:
        """Note whether a block answered, with its message `block`, or the site itself (None)."""
        if block:
            self.block = block
            self._count(Ending.BLOCKS)
        else:
            self._in_a_row[Ending.BLOCKS] = 0

    def _count(self, kind: Ending) -> None:
        self._in_a_row[kind] += 1
        if self._in_a_row[kind] >= self.patience.get(kind, math.inf):
            self.stop(kind)

    def _double(self, url: str, pause: float | None) -> None:
        for lane in self.lanes(url):
            lane.double(pause)

    def _go_on(self, until: float | None) -> None:
        """OutOfTurn if there are no more turns, or it is `until`."""
        if self.over:
            raise OutOfTurn(self.over)
        if until is not None and time.monotonic() >= until:
            raise OutOfTurn(Ending.STOPPED)

    async def _pause(self, seconds: float, *, patience: float, until: float | None) -> None:
        """Sleep for so many seconds. OutOfTurn if that is longer than `patience`, or the site's
        turns end meanwhile."""
        if seconds > patience:
            if patience >= MAX_RETRY_AFTER:
                self.stop(Ending.LATER)
            raise OutOfTurn(Ending.LATER)
        if until is not None:
            seconds = min(seconds, max(0.0, until - time.monotonic()))
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)
        self._go_on(until)


def throttle_of(crawler: Crawler) -> Throttle:
    """The one throttle of the site that `crawler` crawls, shared by its http and https handlers."""
    if crawler not in _THROTTLES:
        site = getattr(crawler.spider, "site", None)
        delay = crawler.settings.getfloat("DOWNLOAD_DELAY") if site is None else site.delay
        budget = None if site is None else site.budget
        at_once = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        until, list_until = (
            getattr(crawler.spider, name, None) for name in ("stop_at", "list_until")
        )
        throttle = Throttle(delay, at_once, budget, _LANES, until, list_until)
        _THROTTLES[crawler] = throttle
        if site is not None:
            # Before the first request: sites on one host have the pace of the slowest one.
            throttle.lanes(site.url)
    return _THROTTLES[crawler]


def seconds_of(retry_after: str, date: str = "") -> float | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds from now; None if it is neither a number nor an
    HTTP date. A date is compared with the answer's own `date`, since our clock may be wrong.

    >>> seconds_of("Sat, 21 Nov 2026 10:00:30 GMT", "Sat, 21 Nov 2026 10:00:00 GMT")
    30.0
    """
    # More digits than a number may have are longer than anybody waits.
    if (told := retry_after.strip()).isascii() and told.isdecimal():
        seconds = number_of(told)
        return math.inf if seconds is None else float(seconds)
    moment = http_date(retry_after)
    if moment is None:
        return None
    return max(0.0, (moment - (http_date(date) or datetime.now(UTC))).total_seconds())
