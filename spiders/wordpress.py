"""The spider of a WordPress site: discover what it publishes, request what is not kept yet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from operator import itemgetter
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from twisted.python.failure import Failure

from archive.errors import BayganError
from archive.folder import Archive
from archive.http.urls import BadAddress, host_of, resolve
from archive.index.index import ListedPost
from archive.model import Hints, Missed, Page
from archive.outcomes import PageState, Reason, http_reason
from archive.writer.site_writer import SiteWriter
from spiders.discovery import Discovery
from spiders.fetch import LASTING, make_fetch, reason_of
from spiders.next_pages import may_pass, next_page
from spiders.page import is_another_post, stored_page, with_response
from spiders.requisites.requests import AssetRequests
from spiders.sources.sitemap import is_a_list

_BATCH = 16
_PATIENCE = 0.02
# Redirects are followed; every other answer is ours to judge.
_ANSWERS = [status for status in range(300, 600) if status not in (301, 302, 303, 307, 308)]


class WordPressSpider(Spider):
    """Crawls one site of an archive; yields a `Page` or a `Missed` for every address due.

    With Scrapy's own command line: `scrapy crawl wordpress -a site=khabar -a archive=FOLDER`.
    `limit` is how many pages to fetch at most, `stop_after` seconds after which no new page
    is begun, `dry_run` discovers only, `probe` looks instead of discovering everything,
    `verify_content` compares all content, `again` fetches kept pages once more. `stop_at` is when
    that time is over, by time.monotonic.
    `fetched` counts the pages asked for, `settled` those that came to an end, `expected` is
    how many there will be.
    """

    name = "wordpress"

    def __init__(
        self,
        site: str = "",
        archive: str = ".",
        writer: SiteWriter | None = None,
        limit: int | str | None = None,
        stop_after: float | str | None = None,
        dry_run: bool = False,
        probe: bool = False,
        verify_content: bool = False,
        again: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.writer = writer or SiteWriter(Archive(archive).site(site))
        self.site = self.writer.site
        self.allowed_domains = [host_of(self.site.url)]
        self.limit = int(limit) if limit is not None else None
        self.dry_run = dry_run
        self.stop_at = time.monotonic() + float(stop_after) if stop_after is not None else None
        self.probe = probe
        self.verify_content = verify_content
        self.again = again
        self._needs = AssetRequests(self.writer)
        self.fetched = 0
        self.settled = 0
        self.expected = 0
        self.due: list[str] = []
        self._sitemaps: dict[str, None] = {}
        self.discovery: Discovery | None = None
        self.trouble: BayganError | None = None
        self.cut_short: str | None = None
        self._rules: dict[tuple[str, str], ProtegoRobotParser] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._robots_read, signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Request | Page | Missed]:
        """What a dead run captured comes first. Then discover, and lease what is due in small
        batches: a night that is killed has requested little that it did not keep."""
        if not self.dry_run:
            async for captured in self._captured():
                yield captured
            if self.writer.leftover.pages:
                return
        discovery = Discovery(self.site, self.writer, make_fetch(self), self.verify_content)
        self.discovery = discovery
        try:
            await (discovery.look() if self.probe else discovery.run())
        except BayganError as error:
            # A site in trouble is the night's account, not a crash of the crawl.
            self.trouble = error
            return
        # A site that was read had a robots.txt that names these, or none.
        self.writer.index.crawl_state.robots_sitemaps = list(self._sitemaps)
        self.writer.index.limit(self.site.since)
        if self.again:
            self.writer.look_again(self.limit)
        if self.dry_run:
            there = {page.url for page in self.writer.leftover.pages}
            index = self.writer.index
            named = index.due(0, -1) + index.failed() + self._allowed_now() + index.again(0, -1)
            due = (page.url for _, page in named)
            self.due = [url for url in due if url not in there][: self.limit]
            return
        index = self.writer.index
        self.expected = index.counts()[PageState.DUE] + len(index.failed()) + index.rechecks.count()
        if self.limit is not None:
            self.expected = min(self.expected, self.limit)
        async for request in self._leased():
            yield request

    async def _leased(self) -> AsyncIterator[Request | Missed]:
        """What is due, then what could not be had in earlier nights, then what is to be looked
        at once more, in small batches."""
        failed = sorted(self.writer.index.failed() + self._allowed_now(), key=itemgetter(0))

        def once_more(place: int, count: int) -> list[tuple[int, ListedPost]]:
            return [page for page in failed if page[0] > place][:count]

        for batches in (self.writer.index.due, once_more, self._again):
            place = 0
            while batch := batches(place, _BATCH):
                for _, page in batch:
                    if self._enough():
                        return
                    self.fetched += 1
                    yield self._request_or_why_not(page)
                place = batch[-1][0]
                await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _allowed_now(self) -> list[tuple[int, ListedPost]]:
        """The pages that robots.txt kept from us and may not any more."""
        agent = self.settings["ROBOTSTXT_USER_AGENT"]
        found = []
        for place, page in self.writer.index.disallowed():
            rules = self._rules.get(urlsplit(page.url)[:2])
            if rules is None or rules.allowed(page.url, agent):
                found.append((place, page))
        return found

    def _again(self, place: int, count: int) -> list[tuple[int, ListedPost]]:
        """Those to be looked at once more, without the titles they had: the pages know better."""
        batch = self.writer.index.again(place, count)
        return [(place, replace(page, title=None)) for place, page in batch]

    async def _captured(self) -> AsyncIterator[Request | Page | Missed]:
        """The pages that a dead run captured and did not keep, a batch at a time."""
        leftover = self.writer.leftover
        self.expected = len(leftover.pages)
        for number, found in enumerate(leftover.pages):
            while number - self.settled >= _BATCH:
                await asyncio.sleep(_PATIENCE)
            if self._late():
                return
            hints = replace(found.hints, remove=self.site.remove, content=self.site.content)
            more = [leftover.response(one) for one in found.further]
            page = stored_page(replace(found, hints=hints), leftover.response(found), more)
            yield self._go_on(page) if isinstance(page, Page) else page
            for request in self._assets(page) if isinstance(page, Page) else ():
                yield request
        while self.settled < len(leftover.pages):
            await asyncio.sleep(_PATIENCE)
        if leftover.pages and not self.writer.failure:
            self.writer.flush()
            leftover.finish()
        self.settled = self.expected = 0

    def _enough(self) -> bool:
        return self._late() or (self.limit is not None and self.fetched >= self.limit)

    def _late(self) -> bool:
        late = self.stop_at is not None and time.monotonic() >= self.stop_at
        return late or self.writer.failure is not None

    def _request_or_why_not(self, page: ListedPost) -> Request | Missed:
        """The request for a page; a page that is none of the site's is missed at once, for
        Scrapy would drop its request without a word."""
        host, [own] = host_of(page.url), self.allowed_domains
        if host and host != own and not host.endswith(f".{own}"):
            return Missed(url=page.url, reason=Reason.ELSEWHERE)
        try:
            return self._request(page)
        except BadAddress:
            # An older archive may hold one that no listing may name any more.
            return Missed(url=page.url, reason=Reason.BAD_ADDRESS)

    def _request(self, page: ListedPost) -> Request:
        """The request for a page; BadAddress if its address is none."""
        index = self.writer.index
        known = index.state(page)
        # What a listing tells of an edit is better evidence than a cache's 304.
        kept = known is not None and known.state == PageState.KEPT
        return Request(
            resolve(page.url, page.url),
            headers=index.validators.headers(page.url) if kept else None,
            callback=self.parse,
            errback=self.missed,
            meta={
                "handle_httpstatus_list": _ANSWERS,
                "page_url": page.url,
                "hints": self._hints(page),
            },
            cb_kwargs={"page": page},
        )

    def parse(self, response: Response, page: ListedPost) -> Iterable[Page | Missed | Request]:
        """A page as it came, or why it is none."""
        capture = response.meta["capture"]
        if response.status == 304:
            self.writer.leave(page.url)
            self.settled += 1
        elif response.status != 200:
            yield Missed(url=page.url, reason=http_reason(response.status))
        elif not capture.intact:
            yield Missed(url=page.url, reason=Reason.CUT)
        elif self._led_astray(response, page):
            yield Missed(url=page.url, reason=Reason.REDIRECTED)
        else:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            hints = with_response(response.meta["hints"], content_type, capture)
            article = Page(url=page.url, body=response.body, hints=hints, capture=capture)
            yield self._go_on(article, response.url)
            yield from self._assets(article)

    def _go_on(self, page: Page, first: str | None = None) -> Page | Request:
        """The request for the page that the article goes on with; the article if it is whole.
        `first` is where its first page was found, behind redirects."""
        address = next_page(page, (first or page.url, page.url))
        if address is None:
            return page
        return Request(
            address,
            callback=self.parse_further,
            errback=self.missed_further,
            priority=1,
            meta={
                "handle_httpstatus_all": True,
                "dont_redirect": True,
                "continues": page.capture.record_id,
            },
            cb_kwargs={"page": page, "first": first},
        )

    def parse_further(
        self, response: Response, page: Page, first: str | None
    ) -> Iterable[Page | Missed | Request]:
        """One more page of an article. Without one that may come another time the article waits
        for the next night; one that is not there leaves it as it is."""
        capture = response.meta["capture"]
        if response.status == 200 and capture.intact:
            content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
            hints = with_response(page.hints, content_type, capture)
            more = Page(url=page.url, body=response.body, hints=hints, capture=capture)
            yield self._go_on(replace(page, further=(*page.further, more)), first)
            yield from self._assets(more)
        elif response.status == 200 or may_pass(response.status):
            reason = Reason.CUT if response.status == 200 else http_reason(response.status)
            yield Missed(url=page.url, reason=reason)
        else:
            yield page

    def missed_further(self, failure: Failure) -> Iterable[Page | Missed]:
        """The errback of a further page: robots.txt may keep it from us for good."""
        page: Page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        reason = reason_of(failure.value)
        yield page if reason in LASTING else Missed(url=page.url, reason=reason)

    def _assets(self, page: Page) -> Iterable[Request]:
        return () if self._late() else self._needs.of_page(page.body, page.url)

    @staticmethod
    def _led_astray(response: Response, page: ListedPost) -> bool:
        redirected = bool(response.meta.get("redirect_times"))
        if not redirected:
            return False
        return is_a_list(response.url) or is_another_post(response.body, page.post_id)

    def missed(self, failure: Failure) -> Iterable[Missed]:
        """The errback: no response at all."""
        page: ListedPost = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        yield Missed(url=page.url, reason=reason_of(failure.value))

    def _hints(self, page: ListedPost) -> Hints:
        assert self.discovery is not None
        return Hints(
            post_id=page.post_id,
            post_type=page.post_type,
            title=page.title,
            known_title=self.writer.index.known_title(page),
            published=page.published,
            date_source=page.date_source,
            modified=page.modified,
            protected=page.protected,
            site_name=self.discovery.site_name,
            remove=self.site.remove,
            content=self.site.content,
        )

    def _robots_read(self, robotparser: ProtegoRobotParser, request: Request) -> None:
        """Remember the sitemaps that the site's robots.txt names; a site with and without `www.`
        has two of these."""
        self._rules[urlsplit(request.url)[:2]] = robotparser
        if host_of(request.url) not in self.allowed_domains:
            return
        address = urljoin(request.url, "/robots.txt")
        for link in robotparser.rp.sitemaps:
            try:
                self._sitemaps[resolve(link, address)] = None
            except BadAddress as error:
                note = f"{address} names a sitemap at no address: {link[:200]} ({error})"
                self.writer.run.notes.append(note)
        self.writer.index.crawl_state.robots_sitemaps = list(self._sitemaps)
