"""Lanes: in a lane the requests to one host, or to one service on it, wait for each other.

A host is a name without `www.`: however many sites of sites.toml are on it, on any ports, one
machine answers all requests. A Crawl-delay is only for the service whose robots.txt says it
(RFC 9309, 2.3: scheme, host and port), so each service has a lane, too.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from archive.http.urls import host_of

MAX_CRAWL_DELAY = 120.0
MAX_REST = 60.0
LISTING_DELAY = 1.0
JITTER = 0.2
EASE = 0.9
_PORTS = {"http": 80, "https": 443}


class Lane:
    """Requests one after the other, at least `delay` seconds apart. While nobody asks for a delay
    there may be `at_once` at a time."""

    def __init__(self, at_once: int) -> None:
        self.delay = 0.0
        self._turns = asyncio.Semaphore(at_once)
        self._next = 0.0
        self._slower = 1.0
        self._began = 0.0

    def slow_down(self, delay: float) -> None:
        """From now on be never faster than `delay` (seconds); the longest delay that anybody asked
        for counts."""
        if delay and not self.delay:
            self._turns = asyncio.Semaphore(1)
        if delay > self.delay:
            self.delay = delay
            if self._began:
                # The request for robots.txt was the first one: already the second must wait.
                self._next = max(self._next, time.monotonic() + delay)

    @asynccontextmanager
    async def waited(self, pause: Callable[[float], Awaitable[None]]) -> AsyncIterator[None]:
        """Wait until the lane is free. `pause` sleeps so many seconds, or raises."""
        async with self._turns:
            while (left := self._next - time.monotonic()) > 0:
                await pause(left)
            yield

    def begin(self, *, listing: bool) -> None:
        """Note that a request begins now."""
        self._began = time.monotonic()
        self._next = self._began + self._gap(listing)

    def end(self) -> None:
        """Note that the request was answered: the host rests as long as it worked."""
        if self.delay:
            now = time.monotonic()
            self._next = max(self._next, now + min(now - self._began, MAX_REST))

    def double(self, seconds: float | None) -> None:
        """Be half as fast from now on, after a pause of so many `seconds`, or of one gap if that is
        None."""
        self._slower *= 2
        wait = self._gap() if seconds is None else seconds
        self._next = max(self._next, time.monotonic() + wait)

    def ease(self) -> None:
        """After a good answer be a tenth faster again, but never faster than `delay`."""
        self._slower = max(1.0, self._slower * EASE)

    def _gap(self, listing: bool = False) -> float:
        """The seconds from the start of one request to the start of the next."""
        if not self.delay:
            return 0.0
        longest = max(self.delay, MAX_CRAWL_DELAY)
        gap = max(min(self.delay * self._slower, longest), LISTING_DELAY if listing else 0.0)
        return gap * random.uniform(1, 1 + JITTER)  # nosec B311 # a pause, no secret


class Lanes:
    """The lanes of a run, shared by all its sites."""

    def __init__(self) -> None:
        self._lanes: dict[str, Lane] = {}

    def of(self, url: str, at_once: int) -> tuple[Lane, Lane]:
        """The lanes of the service and of the host of `url`, in the order in which to wait in
        them."""
        parts = urlsplit(url)
        host = host_of(url)
        service = f"{host}:{parts.port or _PORTS.get(parts.scheme)}"
        return self._lane(service, at_once), self._lane(host, at_once)

    def _lane(self, key: str, at_once: int) -> Lane:
        if key not in self._lanes:
            self._lanes[key] = Lane(at_once)
        return self._lanes[key]
