"""Looks up the names of hosts, for IPv4 and IPv6 addresses, and with a time limit.

Scrapy's default resolver knows only IPv4; its other one waits for a dead name as long as the
system does.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase


class PatientResolver:
    """An IHostnameResolver that asks `resolver`; after `timeout` seconds a name counts as not
    found."""

    def __init__(self, reactor: Any, resolver: Any, timeout: float) -> None:
        self._reactor = reactor
        self._resolver = resolver
        self._timeout = timeout

    def resolveHostName(self, resolutionReceiver: Any, *query: Any, **options: Any) -> Any:
        receiver: Any = _Receiver(resolutionReceiver)
        self._reactor.callLater(self._timeout, receiver.resolutionComplete)
        return self._resolver.resolveHostName(receiver, *query, **options)


class _Receiver:
    """An IResolutionReceiver that passes addresses on until the resolution or the time ends."""

    def __init__(self, receiver: Any) -> None:
        self._receiver = receiver
        self._over = False

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        if not self._over:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        if not self._over:
            self._over = True
            self._receiver.resolutionComplete()


class Names(CachingHostnameResolver):
    """Scrapy's resolver for both kinds of addresses, with DNS_TIMEOUT (seconds)."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size)
        patient: Any = PatientResolver(reactor, self.original_resolver, timeout)
        self.original_resolver = patient

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"))
