"""The last steps for each page: clean it, keep the article, count."""

from __future__ import annotations

import asyncio
import logging
from typing import Protocol, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.defer import deferred_from_coro

from archive.epochs import Epoch
from archive.errors import BayganError, NotAnArticle
from archive.jsonl.article_line import ArticleLine, make_line
from archive.model import Article, Missed, Page
from archive.outcomes import Outcome, PageState, Reason
from archive.times.days import begin_of
from archive.writer.site_writer import SiteWriter
from archive.writer.versions import made_otherwise
from scraper.cleaning.fingerprint import extractor
from scraper.download.handler import CAPTURE_FAILED
from scraper.download.throttle import OUT_OF_TURN, Throttle, throttle_of
from scraper.learning.site_learning import SiteLearning
from scraper.offline.stored_pages import cleaned_alike
from scraper.verdict.verdict import account
from scraper.workers import CLEANING_WORKERS, CleaningFailed, CleaningWorkers, clean_page
from spiders.site_run import CrawlProgress

logger = logging.getLogger("baygan")
FLUSH_SECONDS = 1.0
_TOGETHER = 16
"""How many of the pages that waited are settled at once: the children are never without one, and
only so many are in memory."""


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
        self._learning: SiteLearning
        self._closed: asyncio.Event | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        # Stopped while it closes, Scrapy takes the spider for closed and would end the process.
        crawler.signals.connect(pipeline.wait_closed, signal=signals.engine_stopped)
        return pipeline

    @property
    def _spider(self) -> ArchivingSpider:
        return cast("ArchivingSpider", self._crawler.spider)

    async def open_spider(self) -> None:
        self._closed = asyncio.Event()
        self._spider.writer.agent = self._crawler.settings["USER_AGENT"]
        self._spider.writer.extractor = extractor()
        self._learning = SiteLearning(self._spider.writer, self._workers)
        self._flusher = asyncio.ensure_future(self._flush_often())

    async def close_spider(self) -> None:
        try:
            await self._close()
        finally:
            if self._closed:
                self._closed.set()

    async def wait_closed(self) -> None:
        """Wait until all of the site is written."""
        if self._closed:
            await self._closed.wait()

    async def _close(self) -> None:
        if self._flusher:
            self._flusher.cancel()
        await self._release(ended=True)
        if not self._is_shared:
            self._workers.close()
        # It waits for the disk two dozen times: on the loop, sites that end together would hold up
        # the others for seconds.
        await asyncio.to_thread(self._end_run, throttle_of(self._crawler))

    def _end_run(self, throttle: Throttle) -> None:
        """Write the account of the run and close the writer, unless the process, which waits only
        so long for the end of all sites, has closed it."""
        spider = self._spider
        with spider.writer.ending:
            if spider.writer.is_closed:
                return
            try:
                account(spider.writer, spider.progress, throttle)
            finally:
                spider.writer.close()

    async def process_item(self, item: Page | Missed) -> Page | Missed:
        try:
            epoch = await self._learning.epoch_of(item) if isinstance(item, Page) else None
        except BayganError as error:
            self._stop(error)
            return item
        if isinstance(item, Page) and self._learning.holds(item, epoch):
            self._spider.progress.held = self._learning.held
            await self._release()
        else:
            await self._end(item, epoch)
        return item

    async def _release(self, *, ended: bool = False) -> None:
        """Settle the pages that waited for the site's layout, if it is known now."""
        under_way: set[asyncio.Future[None]] = set()
        try:
            async for page in self._learning.released(ended=ended):
                self._spider.progress.held = self._learning.held
                epoch = await self._learning.epoch_of(page)
                under_way.add(asyncio.ensure_future(self._end(page, epoch)))
                if len(under_way) >= _TOGETHER:
                    first = asyncio.FIRST_COMPLETED
                    _, under_way = await asyncio.wait(under_way, return_when=first)
        except BayganError as error:
            self._stop(error)
        await asyncio.gather(*under_way)

    async def _end(self, item: Page | Missed, epoch: Epoch | None) -> None:
        try:
            await self._settle(item, epoch)
        except BayganError as error:
            self._stop(error)
        finally:
            self._spider.progress.settled += 1

    async def _settle(self, item: Page | Missed, epoch: Epoch | None) -> None:
        writer = self._spider.writer
        if isinstance(item, Missed):
            if item.reason in OUT_OF_TURN:
                # Nothing is wrong with the page: it stays due.
                return
            logger.info("%s missed: %s", item.url, item.reason)
            writer.fail(item.url, item.reason)
            return
        bodies = tuple(page.body for page in item.further)
        layout = epoch.layout if epoch else None
        try:
            article = await self._workers.for_site(
                writer.site.name,
                clean_page,
                item.body,
                item.url,
                item.hints,
                bodies,
                writer.folder.path,
                layout,
            )
        except NotAnArticle as error:
            logger.info("%s refused: %s", item.url, error)
            writer.refuse(item.url, error.reason)
        except CleaningFailed as error:
            logger.warning("%s could not be cleaned: %s. The page is kept.", item.url, error)
            writer.refuse(item.url, error.reason)
        else:
            await self._keep(item, article, epoch)

    async def _keep(self, page: Page, article: Article, epoch: Epoch | None) -> None:
        writer = self._spider.writer
        since = writer.site.since
        if since and article.published and article.published < begin_of(since):
            writer.refuse(page.url, Reason.BEFORE_SINCE)
        else:
            captures = [more.capture for more in page.further]
            made_by = extractor(epoch.digest if epoch else None)
            line = make_line(
                writer.site.name, page.url, 0, article, page.capture, made_by, captures
            )
            other = made_otherwise(line, writer.index, writer.folder.lines)
            same = other is not None and await self._says_the_same(other, line, epoch)
            outcome = writer.take(line, page.capture.date, same=same)
            if page.outdated:
                writer.index.rechecks.note_outdated(page.url)
            word = PageState.KEPT if outcome == Outcome.NEW else outcome
            logger.info("%s %s: %s", page.url, word, article.title)

    async def _says_the_same(
        self, other: ArticleLine, line: ArticleLine, epoch: Epoch | None
    ) -> bool:
        """Whether a page that was cleaned otherwise gives the words of `line` today."""
        writer = self._spider.writer
        about = (writer.folder.path, writer.site, other["warc"], line, epoch)
        try:
            return await self._workers.for_site(writer.site.name, cleaned_alike, *about)
        except CleaningFailed:
            return False

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
