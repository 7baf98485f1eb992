"""The robots.txt of a site: its rules, and the sitemaps that it names."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.robotstxt import ProtegoRobotParser

from archive.http.urls import BadAddress, host_of, resolve
from spiders.site_run import RunWriter


class RobotsRules:
    """The robots.txt of the site of `run` and of its other hosts, as far as they were read.

    The sitemaps in the site's own robots.txt are stored in the index. If one has a bad address, the
    run gets a note.
    """

    def __init__(self, writer: RunWriter) -> None:
        self._writer = writer
        self._host = host_of(writer.site.url)
        self._sitemaps: dict[str, None] = {}
        self._rules: dict[tuple[str, str], ProtegoRobotParser] = {}

    def read(self, parser: ProtegoRobotParser, request: Request) -> None:
        """Add the robots.txt that was fetched for `request`. A site with and without `www.` has
        two of them."""
        self._rules[_origin(request.url)] = parser
        if host_of(request.url) != self._host:
            return
        address = urljoin(request.url, "/robots.txt")
        for link in parser.rp.sitemaps:
            try:
                self._sitemaps[resolve(link, address)] = None
            except BadAddress as error:
                note = f"{address} names a sitemap at no address: {link[:200]} ({error})"
                self._writer.run.notes.append(note)
        self.remember()

    def remember(self) -> None:
        """Store the sitemaps that were named in this run, or that there were none."""
        self._writer.index.crawl_state.robots_sitemaps = list(self._sitemaps)

    def allows(self, url: str, agent: str) -> bool:
        """Whether `agent` may ask for `url`; True if no robots.txt was read for its host."""
        rules = self._rules.get(_origin(url))
        return rules is None or rules.allowed(url, agent)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
