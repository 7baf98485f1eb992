"""The last steps for each page: clean it, keep the article, count."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol, Self, cast

from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

from archive.errors import BayganError, NotAnArticle
from archive.model import Article, Missed, Page
from archive.outcomes import Outcome, PageState, Reason
from archive.times.days import begin_of
from archive.writer.site_writer import SiteWriter
from scraper.cleaning.fingerprint import extractor
from scraper.download.handler import CAPTURE_FAILED
from scraper.download.throttle import OUT_OF_TURN, throttle_of
from scraper.verdict.verdict import account
from scraper.workers import CLEANING_WORKERS, CleaningFailed, CleaningWorkers
from spiders.site_run import CrawlProgress

logger = logging.getLogger("baygan")
FLUSH_SECONDS = 1.0


class ArchivingSpider(Protocol):
    """What the pipeline needs of a spider."""

    writer: SiteWriter
    progress: CrawlProgress


class ArticlePipeline:
    """Cleans each page in a child process and hands the article to the spider's `writer`.

    All sites of a run share the CleaningWorkers in the setting CLEANING_WORKERS. Without that
    setting the pipeline makes its own.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        shared: CleaningWorkers | None = crawler.settings.get(CLEANING_WORKERS)
        self._workers = shared or CleaningWorkers()
        self._is_shared = shared is not None
        self._flusher: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def _spider(self) -> ArchivingSpider:
        return cast("ArchivingSpider", self._crawler.spider)

    async def open_spider(self) -> None:
        self._spider.writer.agent = self._crawler.settings["USER_AGENT"]
        self._spider.writer.extractor = extractor()
        self._flusher = asyncio.ensure_future(self._flush_often())

    async def close_spider(self) -> None:
        if self._flusher:
            self._flusher.cancel()
        if not self._is_shared:
            self._workers.close()
        try:
            spider = self._spider
            account(spider.writer, spider.progress, throttle_of(self._crawler))
        finally:
            self._spider.writer.close()

    async def process_item(self, item: Page | Missed) -> Page | Missed:
        try:
            await self._settle(item)
        except BayganError as error:
            self._stop(error)
        finally:
            self._spider.progress.settled += 1
        return item

    async def _settle(self, item: Page | Missed) -> None:
        writer = self._spider.writer
        if isinstance(item, Missed):
            if item.reason in OUT_OF_TURN:
                # Nothing is wrong with the page: it stays due.
                return
            logger.info("%s missed: %s", item.url, item.reason)
            writer.fail(item.url, item.reason)
            return
        try:
            article = await self._workers.clean(
                item.body,
                item.url,
                item.hints,
                tuple(page.body for page in item.further),
                writer.folder.path,
            )
        except NotAnArticle as error:
            logger.info("%s refused: %s", item.url, error)
            writer.refuse(item.url, error.reason)
        except CleaningFailed as error:
            logger.warning("%s could not be cleaned: %s. The page is kept.", item.url, error)
            writer.refuse(item.url, error.reason)
        else:
            self._keep(item, article)

    def _keep(self, page: Page, article: Article) -> None:
        writer = self._spider.writer
        since = writer.site.since
        if since and article.published and article.published < begin_of(since):
            writer.refuse(page.url, Reason.BEFORE_SINCE)
        else:
            outcome = writer.keep(
                page.url, article, page.capture, [more.capture for more in page.further]
            )
            word = PageState.KEPT if outcome == Outcome.NEW else outcome
            logger.info("%s %s: %s", page.url, word, article.title)

    async def _flush_often(self) -> None:
        """Flush every second: a batch that is not full waits no longer."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                self._spider.writer.flush()
            except BayganError as error:
                self._stop(error)
                return

    def _stop(self, error: BayganError) -> None:
        """End the crawl because nothing can be kept any more; the run tells why."""
        self._spider.writer.failure = self._spider.writer.failure or error
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            deferred_from_coro(engine.close_spider_async(reason=CAPTURE_FAILED))
