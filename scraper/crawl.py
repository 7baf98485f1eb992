"""A crawl: one process with one Scrapy crawler for each site, and a SiteWriter for each."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from archive.folder import Archive
from archive.jsonl.runs import Run
from archive.writer.open_sites import OpenSites
from archive.writer.site_writer import SiteWriter
from scraper.cluster.account import SiteAccount
from scraper.cluster.telling import task_pipe
from scraper.console.log import Log
from scraper.console.report import Report
from scraper.download.throttle import STOPPING, throttle_of
from scraper.download.wire import check_names
from scraper.settings import base_settings, site_settings
from scraper.spawned import collect_seldom
from scraper.verdict.problems import network_down
from scraper.verdict.removals import confirm
from scraper.verdict.verdict import account
from scraper.workers import CLEANING_WORKERS, SECONDS, CleaningWorkers
from spiders.site_run import CrawlProgress
from spiders.sources.steps import LARGE

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import BaseSettings

T = TypeVar("T")
# Its `name`; Scrapy finds it in SPIDER_MODULES.
_SPIDER = "wordpress"
_LOOK_SECONDS = 0.25
# A site that hangs must not hold up the machine's shutdown: all is over in ten seconds.
GRACE_SECONDS = 8.0
LISTING_SECONDS = 60
"""What reading a large listing may take, by the clock and of the processor."""
# The largest sitemap that the protocol allows takes three.
_QUICK_LISTING = 5
# So many new objects before garbage is looked for: those of some ten pages.
_GARBAGE = 5_000
# The settings that name classes, as keys or as values.
_PARTS = (
    "ADDONS", "DOWNLOADER_MIDDLEWARES", "DOWNLOAD_HANDLERS", "EXTENSIONS", "ITEM_PIPELINES",
    "SPIDER_MIDDLEWARES",
)  # fmt: skip
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """What the command line asks of a run; `stop_after` and `clean_seconds`, for one page, in
    seconds."""

    limit: int | None = None
    stop_after: float | None = None
    dry_run: bool = False
    probe: bool = False
    verify_content: bool = False
    again: bool = False
    workers: int | None = None
    clean_seconds: int = SECONDS


class Crawl:
    """One crawl of some sites of an archive. `run` it only once: a reactor cannot start twice.

    `progress` tells how far each site is that was begun, in the order of the sites.
    """

    def __init__(self, archive: Archive, options: CrawlOptions, report: Report, log: Log) -> None:
        self._archive = archive
        self._options = options
        self._report = report
        self._log = log
        self._crawlers: dict[Crawler, SiteWriter] = {}
        self._progress: dict[str, CrawlProgress] = {}
        self._errors: list[BaseException] = []
        self._began = time.monotonic()
        self.stopped_by: signal.Signals | None = None

    @property
    def is_dry(self) -> bool:
        """Whether the crawl only says what it would fetch."""
        return self._options.dry_run

    @property
    def progress(self) -> list[CrawlProgress]:
        return [
            self._progress[writer.site.name]
            for writer in self._sites.writers
            if writer.site.name in self._progress
        ]

    def run(self, sites: OpenSites) -> list[Run]:
        """Crawl `sites`, the first of which are open, close their writers and return their runs.

        If something could not be written, or opened, that error is raised at the end.
        """
        self._sites = sites
        try:
            check_names()
            # On a cluster the head packs old logs, and not all its children at once.
            self._log.check(pack=task_pipe() is None)
            options, shared = self._options, sites.are_several
            workers = CleaningWorkers(options.workers, options.clean_seconds, shared=shared)
            try:
                self._crawl(workers)
            finally:
                workers.close()
            self._account_for_cut_off()
        finally:
            sites.close()
        writers = sites.writers
        _tell_bugs(writers, self._log)
        if pipe := task_pipe():
            for writer, progress in zip(writers, self.progress, strict=False):
                pipe.tell({"account": SiteAccount.of(writer, progress).to_object()})
        else:
            confirm(writers)
        runs = [writer.run for writer in writers]
        told = [writer.run for writer in writers if not writer.failure]
        self._report.end(told, network_down(self.progress))
        for failure in (*(writer.failure for writer in writers), *sites.failures):
            if failure:
                raise failure
        return runs

    def _crawl(self, workers: CleaningWorkers) -> None:
        # This import installs the reactor: not before it is sure that there is a crawl.
        from scrapy.crawler import AsyncCrawlerProcess

        process = AsyncCrawlerProcess(base_settings(self._archive.settings))
        _import_parts(process.settings)
        # To look through all of it for garbage took a twentieth of the time.
        collect_seldom(_GARBAGE)

        from twisted.internet import reactor

        reactor.callLater(0, self._listen, process, workers)  # type: ignore[arg-type]
        self._report.begin()
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        for error in self._errors:
            raise error

    async def _crawl_all(self, process: AsyncCrawlerProcess, workers: CleaningWorkers) -> None:
        """Crawl the open sites; where one ends, the next one that waits has its turn."""
        turns = (self._take_turns(process, writer, workers) for writer in self._sites.writers)
        try:
            await asyncio.gather(*turns)
        finally:
            self._end()

    async def _take_turns(
        self, process: AsyncCrawlerProcess, first: SiteWriter, workers: CleaningWorkers
    ) -> None:
        writer: SiteWriter | None = first
        while writer:
            task = self._begin(process, writer, workers)
            await asyncio.wait([task])
            # An error of one site must not end the others.
            if not task.cancelled() and (error := task.exception()):
                self._errors.append(error)
            # To open a site may take long, if the run before it was killed.
            writer = None if self._is_over() else await asyncio.to_thread(self._sites.next)

    def _account_for_cut_off(self) -> None:
        """Write the account of the sites that did not end in time after a signal. The next run
        cleans the pages that they have captured."""
        for crawler, writer in self._crawlers.items():
            with writer.ending:
                if crawler.engine and not writer.is_closed:
                    account(writer, self._progress[writer.site.name], throttle_of(crawler))

    def _is_over(self) -> bool:
        """Whether no further site may begin."""
        left = self._seconds_left()
        return bool(self.stopped_by) or (left is not None and left <= 0)

    def _seconds_left(self) -> float | None:
        """How many seconds are left until nothing new may begin; None: no limit was set."""
        after = self._options.stop_after
        return None if after is None else after - (time.monotonic() - self._began)

    def _begin(
        self, process: AsyncCrawlerProcess, writer: SiteWriter, workers: CleaningWorkers
    ) -> asyncio.Task[None]:
        crawler = process.create_crawler(_SPIDER)
        settings = {**site_settings(writer.site), CLEANING_WORKERS: workers}
        for name, value in settings.items():
            crawler.settings.set(name, value, priority="cmdline")
        self._crawlers[crawler] = writer
        progress = self._progress[writer.site.name] = CrawlProgress(writer.run)
        options = self._options
        task = process.crawl(
            crawler,
            writer=writer,
            progress=progress,
            limit=options.limit,
            stop_after=self._seconds_left(),
            dry_run=options.dry_run,
            probe=options.probe,
            verify_content=options.verify_content,
            again=options.again,
            in_company=workers.is_shared,
            beside=partial(_beside, workers, writer.site.name),
        )
        # What a site needed is free again when it is done: there may be hundreds more.
        task.add_done_callback(lambda _: self._crawlers.pop(crawler, None))
        return task

    def _listen(self, process: AsyncCrawlerProcess, workers: CleaningWorkers) -> None:
        """Inside the running loop: take signals and keep the report up to date."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            # nohup makes the process ignore SIGHUP; then we must ignore it, too.
            if signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, self._stop, process, number)
        self._watcher = asyncio.ensure_future(self._watch())
        self._whole = asyncio.ensure_future(self._crawl_all(process, workers))

    def _stop(self, process: AsyncCrawlerProcess, number: signal.Signals) -> None:
        """On the first signal finish what is under way, within a few seconds; on the second end at
        once."""
        if self.stopped_by:
            self._end()
            return
        self.stopped_by = number
        self._sites.is_stopped = True
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._end)
        for crawler in self._crawlers:
            crawler.signals.send_catch_log(STOPPING)
        self._stopping = asyncio.ensure_future(process.stop())

    def _end(self) -> None:
        from twisted.internet import reactor

        if reactor.running:
            reactor.stop()  # type: ignore[misc]

    async def _watch(self) -> None:
        while True:
            self._report.show(self.progress)
            await asyncio.sleep(_LOOK_SECONDS)


def _import_parts(settings: BaseSettings) -> None:
    """Import what Scrapy would import for the first site, inside the loop: that takes half a second
    in which nothing else goes on."""
    from scrapy.utils.misc import load_object

    for name in _PARTS:
        parts = settings.getwithbase(name)
        for part in (*parts.keys(), *parts.values()):
            if isinstance(part, str) and "." in part:
                load_object(part)


async def _beside(
    workers: CleaningWorkers, site: str, work: Callable[..., T], *arguments: Any
) -> T:
    """Heavy work of a site's discovery, in its share of the children. The largest listings would
    keep all pages of other sites waiting."""
    large = any(isinstance(one, bytes) and len(one) > LARGE for one in arguments)
    quick = 0 if large else _QUICK_LISTING
    return await workers.for_site(site, work, *arguments, quick=quick, seconds=LISTING_SECONDS)


def _tell_bugs(writers: Sequence[SiteWriter], log: Log) -> None:
    """Make an error inside baygan a problem of every run: nobody knows which site it harmed."""
    if log.bugs:
        for writer in writers:
            writer.run.problems.append(
                f"{log.bugs} errors inside baygan; what was saved is safe. See {log.path}"
            )
