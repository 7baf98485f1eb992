"""Checks every redirect before Scrapy's own middleware follows it.

Scrapy alone would not check the next address, and for a loop it raises the same error as for an
address of another site.
"""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archive.http.urls import BadAddress, host_of
from archive.outcomes import Reason
from spiders.fetch import target_of

LEADS = (301, 302, 303, 307, 308)


class Astray(IgnoreRequest):
    """A redirect that is not followed; `reason` says why: `redirect-loop`,
    `too-many-redirects`, `bad-redirect`, `elsewhere`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class RedirectGuard:
    """Raises Astray for a redirect that Scrapy should not follow."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._most = crawler.settings.getint("REDIRECT_MAX_TIMES")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response. If it is a redirect, its Location becomes an address that can be asked
        for; Astray if it must not be followed."""
        if not follows(request, response):
            return response
        try:
            target = target_of(response)
        except BadAddress as error:
            raise Astray(Reason.BAD_REDIRECT) from error
        if leads_back(request, response):
            raise Astray(Reason.REDIRECT_LOOP)
        if len(request.meta.get("redirect_urls", ())) >= self._most:
            raise Astray(Reason.TOO_MANY_REDIRECTS)
        if not request.meta.get("allow_offsite") and not self._ours(target):
            raise Astray(Reason.ELSEWHERE)
        headers = response.headers.copy()
        headers["Location"] = target
        return response.replace(headers=headers)

    def _ours(self, url: str) -> bool:
        """Whether `url` is on the site's host or a host below it, by the same rule as Scrapy's."""
        domains = getattr(self._crawler.spider, "allowed_domains", None) or [host_of(url)]
        return any(f".{host_of(url)}".endswith(f".{domain}") for domain in domains)


def follows(request: Request, response: Response) -> bool:
    """Whether `response` is a redirect that Scrapy follows."""
    meta = request.meta
    return (
        response.status in LEADS
        and "Location" in response.headers
        and not meta.get("dont_redirect")
        and not meta.get("handle_httpstatus_all")
        and response.status not in meta.get("handle_httpstatus_list", ())
    )


def leads_back(request: Request, response: Response) -> bool:
    """Whether the redirect leads to an address that was asked for twice already in this chain.
    Once may be right: the page may have been made meanwhile."""
    try:
        target = Request(target_of(response)).url
    except BadAddress:
        return False
    return [*request.meta.get("redirect_urls", ()), request.url].count(target) > 1
