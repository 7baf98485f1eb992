"""The spider of a WordPress site: it discovers what the site publishes, and requests what is not
kept yet."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from twisted.python.failure import Failure

from archive.errors import BayganError
from archive.folder import Archive
from archive.http.urls import BadAddress, host_of, resolve
from archive.index.listed_post import ListedPost
from archive.model import Hints, Missed, Page
from archive.outcomes import PageState, Reason, http_reason
from archive.times.days import utc
from archive.writer.site_writer import SiteWriter
from spiders.discovery import Discovery
from spiders.fetch import DiscoveryStopped, make_fetch, reason_of
from spiders.fetch_options import FetchOptions, capture_of
from spiders.next_pages import NextPages
from spiders.page import is_another_post, page_of, shown_modified
from spiders.page_queue import PageQueue
from spiders.pending_pages import captured_pages
from spiders.requisites.requests import AssetRequests
from spiders.robots import RobotsRules
from spiders.site_run import CrawlProgress
from spiders.sources.own_addresses import is_a_list
from spiders.sources.steps import BESIDE, IN_COMPANY, Beside, in_a_thread

MOST_ABSENT = 100
"""So many listed pages in a row that are not there end a run."""
LISTING_SECONDS = 10.0
"""So long the listings are read at least, however little time there is."""
# Scrapy follows redirects; the spider gets all other answers, errors too.
_ANSWERS = [status for status in range(300, 600) if status not in (301, 302, 303, 307, 308)]


class WordPressSpider(Spider):
    """Crawls one site of an archive; yields a `Page` or a `Missed` for every address that is due.

    With Scrapy's own command line: `scrapy crawl wordpress -a site=khabar -a archive=FOLDER`.
    `limit` is the most pages to fetch. After `stop_after` seconds no new page is begun. `dry_run`
    only discovers, `probe` only looks at the site, `verify_content` compares all content, `again`
    fetches kept pages once more. `stop_at` is when that time is over for pages, `list_until` for
    what lists them, by time.monotonic. `progress` tells how far the crawl is. What is heavy is done
    by `beside`; `in_company` of other sites nothing holds the loop for long.
    """

    name = "wordpress"

    def __init__(
        self,
        site: str = "",
        archive: str = ".",
        writer: SiteWriter | None = None,
        progress: CrawlProgress | None = None,
        limit: int | str | None = None,
        stop_after: float | str | None = None,
        dry_run: bool = False,
        probe: bool = False,
        verify_content: bool = False,
        again: bool = False,
        beside: Beside = in_a_thread,
        in_company: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.writer = writer or SiteWriter(Archive(archive).site(site))
        self.site = self.writer.site
        self.progress = progress or CrawlProgress(self.writer.run)
        self.allowed_domains = [host_of(self.site.url)]
        self.limit = int(limit) if limit is not None else None
        self.dry_run = dry_run
        self.stop_at, self.list_until = self._ends(stop_after)
        self.probe = probe
        self.beside = beside
        self.in_company = in_company
        self.verify = beside if verify_content else None
        self.again = again
        self._absent = 0
        self._robots = RobotsRules(self.writer)
        self._assets = AssetRequests(self.writer, self._is_over)
        self._next_pages = NextPages(self._assets)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._robots_read, signals.robots_parsed)
        return spider

    def _ends(self, stop_after: float | str | None) -> tuple[float | None, float | None]:
        """When the last page and the last listing may begin. If the listings took the last run's
        whole time, they have half of this one's: what they named by then must have its turn."""
        if stop_after is None:
            return None, None
        now, seconds = time.monotonic(), float(stop_after)
        half = self.writer.index.crawl_state.discovery_stopped
        return now + seconds, now + max(LISTING_SECONDS, seconds / 2 if half else seconds)

    async def start(self) -> AsyncIterator[Request | Page | Missed]:
        """First the pages that a dead run captured; then discover, and request what is due."""
        if not self.dry_run:
            async for page in captured_pages(self.writer, self.progress, self._is_over):
                if isinstance(page, Missed):
                    yield page
                    continue
                yield self._next_pages.follow(page)
                for asset in self._assets.of_page(page.body, page.url):
                    yield asset
            if self.writer.pending_pages.pages:
                return
        if not await self._discover():
            return
        due = PageQueue(self.writer.index, self._robots, self.settings["ROBOTSTXT_USER_AGENT"])
        if self.dry_run:
            pending = {page.url for page in self.writer.pending_pages.pages}
            named = [url for url in due.addresses() if url not in pending]
            self.progress.due = named[: self.limit]
            return
        count = due.count()
        self.progress.expected = count if self.limit is None else min(count, self.limit)
        async for request in self._requests(due):
            yield request

    async def _discover(self) -> bool:
        """Bring all posts of the site into the index; False if the site cannot be read."""
        fetch = make_fetch(self)
        BESIDE.set(self.beside)
        IN_COMPANY.set(self.in_company)
        discovery = Discovery(self.site, self.writer, fetch, self.verify)
        self.progress.discovered = discovery.found
        state = self.writer.index.crawl_state
        try:
            await (discovery.look() if self.probe else discovery.run())
            state.discovery_stopped = False
            # A site that was read had a robots.txt that names its sitemaps, or none.
            self._robots.remember()
        except DiscoveryStopped:
            discovery.found.stopped = state.discovery_stopped = True
        except BayganError as error:
            # The verdict reports it; it must not crash the crawl.
            self.progress.problem = error
            return False
        self.writer.index.limit(self.site.since)
        if self.again:
            self.writer.look_again(self.limit)
        return True

    async def _requests(self, due: PageQueue) -> AsyncIterator[Request | Missed]:
        for batch in due.batches():
            for page in batch:
                if self._is_over() or self.progress.requested == self.limit:
                    return
                if self._absent >= MOST_ABSENT:
                    self._tell_absent(due.count())
                    return
                self.progress.requested += 1
                yield self._request_or_why_not(page)
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _tell_absent(self, due: int) -> None:
        assert self.progress.discovered is not None
        self.progress.discovered.problems.append(
            f"{MOST_ABSENT} pages in a row that the site lists are not there (404 or 410), so no"
            f" others are asked for tonight; {due} are due. Look at what the site lists."
        )

    def _is_over(self) -> bool:
        """Whether nothing new may begin: the time is over, or nothing can be written any more."""
        late = self.stop_at is not None and time.monotonic() >= self.stop_at
        return late or self.writer.failure is not None

    def _request_or_why_not(self, page: ListedPost) -> Request | Missed:
        """The request for a page. If the page is not on the site it is Missed at once, since Scrapy
        would drop the request, and nobody would notice."""
        try:
            request = self._request(page)
        except BadAddress:
            # The index of an older version may hold a bad address.
            return Missed(url=page.url, reason=Reason.BAD_ADDRESS)
        host, [own] = host_of(request.url), self.allowed_domains
        if host != own and not host.endswith(f".{own}"):
            return Missed(url=page.url, reason=Reason.ELSEWHERE)
        return request

    def _request(self, page: ListedPost) -> Request:
        """The request for a page; BadAddress if its address cannot be asked for."""
        index = self.writer.index
        known = index.state(page)
        # If a listing tells of an edit, a 304 from a cache would hide it.
        kept = known is not None and known.state == PageState.KEPT
        hints = self._hints(page)
        return Request(
            resolve(page.url, page.url),
            headers=index.validators.headers(page.url) if kept else None,
            callback=self.parse,
            errback=self.missed,
            meta=FetchOptions(page_url=page.url, hints=hints).meta(handle_httpstatus_list=_ANSWERS),
            cb_kwargs={"page": page, "hints": hints},
        )

    def parse(
        self, response: Response, page: ListedPost, hints: Hints
    ) -> Iterator[Page | Missed | Request]:
        """The page as it came, or why it is no page."""
        capture = capture_of(response)
        is_absent = response.status in (404, 410) and not hints.known_title
        self._absent = self._absent + 1 if is_absent else 0
        if response.status == 304 and _is_conditional(response.request):
            self.writer.leave(page.url)
            self.progress.settled += 1
        elif response.status != 200:
            yield Missed(url=page.url, reason=http_reason(response.status))
        elif not capture.intact:
            yield Missed(url=page.url, reason=Reason.CUT)
        elif self._led_astray(response, page):
            yield Missed(url=page.url, reason=Reason.REDIRECTED)
        else:
            article = page_of(response, page.url, hints, capture)
            article = replace(article, outdated=self._is_outdated(response.body, page))
            yield self._next_pages.follow(article, response.url)
            yield from self._assets.of_page(article.body, article.url)

    def _is_outdated(self, body: bytes, page: ListedPost) -> bool:
        """Whether the page that was asked for since it was edited says that it was modified last
        when the article was that is kept."""
        index = self.writer.index
        known = index.state(page)
        if known is None or known.state != PageState.DUE or page.modified is None:
            return False
        kept, shown = index.kept_modified(page), shown_modified(body)
        return kept is not None and utc(shown) == kept != utc(page.modified)

    @staticmethod
    def _led_astray(response: Response, page: ListedPost) -> bool:
        redirected = bool(response.meta.get("redirect_times"))
        if not redirected:
            return False
        return is_a_list(response.url) or is_another_post(response.body, page.post_id)

    def missed(self, failure: Failure) -> Iterator[Missed]:
        """The errback: no response at all."""
        page: ListedPost = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        yield Missed(url=page.url, reason=reason_of(failure.value))

    def _hints(self, page: ListedPost) -> Hints:
        assert self.progress.discovered is not None
        return Hints(
            post_id=page.post_id,
            post_type=page.post_type,
            title=page.title,
            known_title=self.writer.index.known_title(page),
            published=page.published,
            date_source=page.date_source,
            modified=page.modified,
            protected=page.protected,
            content_place=page.content_place,
            site_name=self.progress.discovered.site_name,
            remove=self.site.remove,
            content=self.site.content,
        )

    def _robots_read(self, robotparser: ProtegoRobotParser, request: Request) -> None:
        self._robots.read(robotparser, request)


def _is_conditional(request: Request | None) -> bool:
    """Whether the page was asked for only if it has changed: a 304 that nobody asked for says
    nothing."""
    return request is not None and any(
        name in request.headers for name in ("If-None-Match", "If-Modified-Since")
    )
