"""The proxy of a site in sites.toml: `proxy = "http://user:password@proxy.example:3128"`.

User and password are only sent to the proxy. They are in no log, no message, no command line and
no WARC record (archive.http.redaction).
"""

from __future__ import annotations

import base64
from typing import Self
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler


class ProxyMiddleware:
    """Sends every request of a site through its proxy, if it has one."""

    def __init__(self, proxy: str | None) -> None:
        self._address = address_of(proxy) if proxy else None
        self._pass = _pass(proxy) if proxy else None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        site = getattr(crawler.spider, "site", None)
        return cls(getattr(site, "proxy", None))

    def process_request(self, request: Request) -> None:
        if self._address:
            request.meta["proxy"] = self._address
        if self._pass:
            request.headers["Proxy-Authorization"] = self._pass


def address_of(proxy: str) -> str:
    """The proxy's address without user and password: `http://proxy.example:3128`."""
    parts = urlsplit(proxy)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _pass(proxy: str) -> bytes | None:
    parts = urlsplit(proxy)
    if not parts.username:
        return None
    words = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return b"Basic " + base64.b64encode(words.encode())
