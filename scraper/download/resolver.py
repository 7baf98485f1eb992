"""Looks up the names of hosts (IPv4 and IPv6) with a time limit; only public addresses are kept.

Scrapy's default resolver knows only IPv4; its other one waits for a dead name as long as the
system does. Neither checks whether an address is public, so a page could name one inside our own
network. Here such addresses are removed before anything connects to them.
"""

from __future__ import annotations

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase

from scraper.download.peers import is_public
from scraper.download.wire import DOWNLOAD, Download


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


class _PublicReceiver:
    """An IResolutionReceiver that passes on public addresses; `download` is told of the others."""

    def __init__(self, receiver: Any, download: Download) -> None:
        self._receiver = receiver
        self._download = download

    def resolutionBegan(self, resolutionInProgress: Any) -> None:
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:
        if is_public(address.host):
            self._receiver.addressResolved(address)
        else:
            self._download.private = address.host

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


class Names(CachingHostnameResolver):
    """Scrapy's resolver for both kinds of addresses, with DNS_TIMEOUT (seconds).

    The download that asks (`DOWNLOAD`) gets only the addresses that it may connect to.
    """

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float) -> None:
        super().__init__(reactor, cache_size)
        patient: Any = PatientResolver(reactor, self.original_resolver, timeout)
        self.original_resolver = patient

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        settings = crawler.settings
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"))

    def resolveHostName(self, resolutionReceiver: Any, *query: Any, **options: Any) -> Any:
        receiver, download = resolutionReceiver, DOWNLOAD.get(None)
        if download is not None and download.public:
            receiver = _PublicReceiver(receiver, download)
        return super().resolveHostName(receiver, *query, **options)
