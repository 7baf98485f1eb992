"""Lanes: where the requests to one host, or to one port of it, stand in line.

A host is a name without `www.`: however many sites of sites.toml live on it, and on whatever
ports, one machine answers for all of them. A Crawl-delay is of the one service whose robots.txt
says it (RFC 9309, 2.3: scheme, host and port), so a service has a lane of its own.
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
    """Requests one after the other, `delay` seconds apart at least; `at_once` side by side while
    nobody asks for a delay."""

    def __init__(self, at_once: int) -> None:
        self.delay = 0.0
        self._turns = asyncio.Semaphore(at_once)
        self._next = 0.0
        self._slower = 1.0
        self._began = 0.0

    def slow_down(self, delay: float) -> None:
        """Never faster than `delay`, if there was a request already from now on: the slowest that
        is asked for holds."""
        if delay and not self.delay:
            self._turns = asyncio.Semaphore(1)
        if delay > self.delay:
            self.delay = delay
            if self._began:
                # What robots.txt asks for holds from robots.txt on.
                self._next = max(self._next, time.monotonic() + delay)

    @asynccontextmanager
    async def waited(self, pause: Callable[[float], Awaitable[None]]) -> AsyncIterator[None]:
        """Stand in line until the lane is free. `pause` sleeps so many seconds, or raises."""
        async with self._turns:
            while (left := self._next - time.monotonic()) > 0:
                await pause(left)
            yield

    def begin(self, *, listing: bool) -> None:
        """A request begins now."""
        self._began = time.monotonic()
        self._next = self._began + self._gap(listing)

    def end(self) -> None:
        """It has been answered: the host rests as long as it worked."""
        if self.delay:
            now = time.monotonic()
            self._next = max(self._next, now + min(now - self._began, MAX_REST))

    def double(self, seconds: float | None) -> None:
        """Go half as fast, after a pause of so many `seconds`, or of one gap."""
        self._slower *= 2
        wait = self._gap() if seconds is None else seconds
        self._next = max(self._next, time.monotonic() + wait)

    def ease(self) -> None:
        """A good answer: a tenth faster again, never faster than `delay`."""
        self._slower = max(1.0, self._slower * EASE)

    def _gap(self, listing: bool = False) -> float:
        """Seconds from the start of a request to that of the next."""
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
        """The lanes of the service and of the host that `url` is on, in the order in which to
        stand in them."""
        parts = urlsplit(url)
        host = host_of(url)
        service = f"{host}:{parts.port or _PORTS.get(parts.scheme)}"
        return self._lane(service, at_once), self._lane(host, at_once)

    def _lane(self, key: str, at_once: int) -> Lane:
        if key not in self._lanes:
            self._lanes[key] = Lane(at_once)
        return self._lanes[key]
