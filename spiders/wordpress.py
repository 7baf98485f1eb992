"""The spider of a WordPress site: discover what it publishes, request what is not kept yet."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser
from twisted.python.failure import Failure
from w3lib.encoding import http_content_type_encoding

from archive.address import host_of
from archive.errors import BayganError
from archive.folder import Archive
from archive.index import Found
from archive.model import Hints, Missed, Page
from archive.night import Night
from spiders.discovery import Discovery
from spiders.fetch import make_fetch, reason_of

_BATCH = 16
_POST_ID = re.compile(rb"<body[^>]*\bpostid-(\d+)")


class WordPressSpider(Spider):
    """Crawls one site of an archive; yields a `Page` or a `Missed` for every address due.

    With Scrapy's own command line: `scrapy crawl wordpress -a site=khabar -a archive=FOLDER`.
    `limit` is how many pages to fetch at most, `stop_after` seconds after which no new page
    is begun, `dry_run` discovers only, `probe` looks instead of discovering everything.
    `fetched` counts the pages asked for, `settled` those that came to an end, `expected` is
    how many there will be.
    """

    name = "wordpress"

    def __init__(
        self,
        site: str = "",
        archive: str = ".",
        night: Night | None = None,
        limit: int | str | None = None,
        stop_after: float | str | None = None,
        dry_run: bool = False,
        probe: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.night = night or Night(Archive(archive).site(site))
        self.site = self.night.site
        self.allowed_domains = [host_of(self.site.url)]
        self.limit = int(limit) if limit is not None else None
        self.dry_run = dry_run
        self._stop_at = time.monotonic() + float(stop_after) if stop_after is not None else None
        self.probe = probe
        self.fetched = 0
        self.settled = 0
        self.expected = 0
        self.due: list[str] = []
        self.discovery: Discovery | None = None
        self.trouble: BayganError | None = None
        self.cut_short: str | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._robots_read, signals.robots_parsed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Discover first, then lease what is due in small batches: a night that is killed
        has requested little that it did not keep."""
        discovery = Discovery(self.site, self.night, make_fetch(self))
        self.discovery = discovery
        try:
            await (discovery.look() if self.probe else discovery.run())
        except BayganError as error:
            # A site in trouble is the night's account, not a crash of the crawl.
            self.trouble = error
            return
        if self.dry_run:
            self.due = [page.url for _, page in self.night.index.due(0, self.limit or -1)]
            return
        counts = self.night.index.counts()
        self.expected = counts["due"] + counts["failed"]
        if self.limit is not None:
            self.expected = min(self.expected, self.limit)
        place = 0
        while batch := self.night.index.due(place, _BATCH):
            for _, page in batch:
                if self._enough():
                    return
                self.fetched += 1
                yield self._request(page)
            place = batch[-1][0]
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _enough(self) -> bool:
        spent = self.limit is not None and self.fetched >= self.limit
        late = self._stop_at is not None and time.monotonic() >= self._stop_at
        return spent or late or self.night.failure is not None

    def _request(self, page: Found) -> Request:
        return Request(
            page.url,
            callback=self.parse,
            errback=self.missed,
            meta={
                "handle_httpstatus_all": True,
                "page_url": page.url,
                "hints": self._hints(page),
            },
            cb_kwargs={"page": page},
        )

    def parse(self, response: Response, page: Found) -> Iterable[Page | Missed]:
        """A page as it came, or why it is none."""
        capture = response.meta["capture"]
        if response.status != 200:
            yield Missed(url=page.url, reason=f"http-{response.status}")
        elif not capture.intact:
            yield Missed(url=page.url, reason="cut")
        elif _another_post(response, page):
            yield Missed(url=page.url, reason="redirected")
        else:
            hints = _as_captured(response, capture.date)
            yield Page(url=page.url, body=response.body, hints=hints, capture=capture)

    def missed(self, failure: Failure) -> Iterable[Missed]:
        """The errback: no response at all."""
        page: Found = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        yield Missed(url=page.url, reason=reason_of(failure.value))

    def _hints(self, page: Found) -> Hints:
        assert self.discovery is not None
        return Hints(
            post_id=page.post_id,
            post_type=page.post_type,
            title=page.title,
            published=page.published,
            modified=page.modified,
            protected=page.protected,
            site_name=self.discovery.site_name,
            remove=self.site.remove,
            content=self.site.content,
        )

    def _robots_read(self, robotparser: ProtegoRobotParser) -> None:
        self.night.index.remember("sitemaps", list(robotparser.rp.sitemaps))


def _as_captured(response: Response, captured: datetime) -> Hints:
    """The hints its request carried, with what the response itself says."""
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    hints: Hints = response.meta["hints"]
    return replace(
        hints,
        charset=http_content_type_encoding(content_type),
        captured=captured.astimezone(UTC),
    )


def _another_post(response: Response, page: Found) -> bool:
    """Whether WordPress led us from this post's address to some other post: it guesses."""
    if page.post_id is None or not response.meta.get("redirect_times"):
        return False
    shown = _POST_ID.search(response.body)
    return shown is not None and int(shown[1]) != page.post_id
