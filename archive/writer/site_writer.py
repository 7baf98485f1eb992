"""What one run writes for one site, from taking the lock to the line in runs.jsonl.

The order of writing is what makes a crash harmless. A batch of at most 64 articles is
acknowledged only after these steps; each is durable before the next one begins:

    1  WARC members appended, fsync        captured
    2  lines, fsync, then their text       kept
    3  the index, one transaction          acknowledged, counted, reported

If the run dies, the next one finds the pages that were captured but not kept (`pending_pages`).
"""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from archive.errors import BayganError, DiskLow, WriteFailed
from archive.files.append_file import make_folder
from archive.files.disk_space import DiskSpace
from archive.files.lock import Lock
from archive.folder import SiteFolder
from archive.http.message import Message
from archive.http.redaction import redacted
from archive.index.listed_post import ListedPost
from archive.index.retries import GONE, is_lasting
from archive.jsonl.article_line import ArticleLine, make_line
from archive.jsonl.manifest import seal
from archive.jsonl.removals import Removal
from archive.jsonl.runs import Run, append_run
from archive.layout import LOCK, TEXT, WARC, run_name
from archive.model import Article, Capture, Exchange
from archive.outcomes import Flag, Outcome, PageState, Reason, Verdict
from archive.version import __version__
from archive.warc.warcinfo import about
from archive.warc.writer import GIBIBYTE, WarcSeries
from archive.writer.batch import BATCH, Batch, Unhad
from archive.writer.capture_writer import CaptureWriter
from archive.writer.opening import open_site
from archive.writer.versions import is_cut_short, number


class SiteWriter:
    """Everything one run writes for one site; open it, use it, `close` it.

    `wait` is how many seconds to wait for another run, `file_limit` the size in bytes at which the
    next WARC file is begun, `batch_limit` the most articles in a batch. `agent` is the User-Agent,
    for the warcinfo records; `extractor` goes into every line: set both before the first capture.
    `failure` is set once something could not be written: nothing is written after that.
    `confirmations` are removals that this run saw a second time; they are entered when it is known
    how the other sites went. While `waiting` is set, captured pages are not cleaned yet, and in the
    end left to the next run. `given` counts the pages that were articles, `refusals` those that
    were none, by reason. With `imports` there is no line in runs.jsonl. Who ends it in a thread
    holds `ending`.
    """

    def __init__(
        self,
        folder: SiteFolder,
        *,
        wait: float = 0.0,
        file_limit: int = GIBIBYTE,
        batch_limit: int = BATCH,
        imports: bool = False,
    ) -> None:
        make_folder(folder.path)
        self.folder = folder
        self.site = folder.site
        self._lock = Lock(folder.path / LOCK, wait)
        self.agent = ""
        self.extractor = {"baygan": __version__}
        started = datetime.now(UTC)
        self.run = Run(run=uuid.uuid4().hex[:8], site=self.site.name, started=started)
        self._keys: set[str] = set()
        self.is_closed = False
        self.ending = threading.RLock()
        self.waiting = False
        self.failure: BayganError | None = None
        self.confirmations: list[Removal] = []
        self.given = 0
        self.refusals: Counter[str] = Counter()
        self._imports = imports
        self.run_name = name = run_name(self.site.name, started, self.run.run, imports=imports)
        self._warc = WarcSeries(folder.path, WARC, name, started, self._info, file_limit)
        self._text = WarcSeries(folder.path, TEXT, name, started, self._info, file_limit)
        self._batch = Batch(self._warc, folder.lines, self._text, batch_limit)
        self._disk_space = DiskSpace(folder.path, folder.archive.settings.min_free)
        try:
            self._disk_space.check()
            self.index, self.pending_pages = open_site(folder, self.run, self._info, batch_limit)
        except BaseException:
            self._lock.close()
            raise
        self._captures = CaptureWriter(folder.path, self.index, self._warc, self._batch)

    def capture(self, exchange: Exchange) -> Capture:
        """Append the exchange's records; durable with the next `flush`.

        WriteFailed if the disk refuses; nothing is written after that.
        """
        exchange = redacted(exchange)
        message = Message.parse(exchange.response)
        intact = exchange.truncated is None and message.content() is not None
        with self._failing():
            capture = self._captures.append(exchange, message, intact)
        self.run.counts.requests += 1
        self.run.counts.bytes += len(exchange.response)
        return capture

    def keep(
        self, url: str, article: Article, capture: Capture, further: Sequence[Capture] = ()
    ) -> Outcome:
        """Add the article of the page at `url` to the batch, and tell what it is to the archive.
        `further` are the captures of the pages that the article goes on with."""
        line = make_line(self.site.name, url, 0, article, capture, self.extractor, further)
        return self.take(line, capture.date)

    def take(
        self,
        line: ArticleLine,
        captured: datetime,
        kept: set[str] | None = None,
        *,
        same: bool = False,
    ) -> Outcome:
        """As `keep`, for a line that has no version yet. See `versions.number` for `kept` (if not
        given, what this run has kept) and `same`."""
        kept = self._keys if kept is None else kept
        cut = is_cut_short(line, self.index, self.folder.lines)
        outcome = number(line, self.index, kept, same=same, cut=cut)
        self.given += 1
        if outcome == Outcome.DUPLICATE:
            self.refuse(line["url"], Reason.DUPLICATE)
        elif outcome == Outcome.EMPTIED:
            self.refuse(line["url"], Reason.EMPTY)
        elif outcome == Outcome.CUT_SHORT:
            self.refuse(line["url"], Reason.CUT)
        elif outcome == Outcome.UNCHANGED:
            self._batch.settle(
                line["url"], PageState.KEPT, Reason.UNCHANGED, ListedPost.of_line(line)
            )
        else:
            self._batch.add(line, captured)
            if self._batch.full:
                self.flush()
        return outcome

    def look_again(self, limit: int | None = None) -> None:
        """Let every kept page be fetched once more in this run, or at most `limit` of them."""
        # Else a page that the index does not know would be stored whole again.
        self.index.digests.learn(self.folder.path)
        self.index.rechecks.choose_all(limit, self.site.since)

    def leave(self, url: str) -> None:
        """Note that the page at `url` is as it was kept: the site answered 304."""
        self.given += 1
        self._batch.settle(url, PageState.KEPT, Reason.UNCHANGED)

    def refuse(self, url: str, reason: str) -> None:
        """Note that the page at `url` is no article. It is fetched again if the reason may pass.
        An article that was kept of it stays."""
        self._batch.settle(url, PageState.REFUSED, reason)
        self.refusals[reason] += 1
        self.run.counts.refused += 1

    def refuse_unasked(self, url: str, reason: str) -> None:
        """Note at once, outside of any batch, that the page at `url` is not to be asked for."""
        settled = self.index.settle(url, PageState.REFUSED, reason)
        if settled.is_news:
            self._batch.unhad.append(Unhad(url, reason, settled.is_kept))

    def note_asset(self, url: str) -> None:
        """Note that the asset at `url` was captured or does not exist: ask for it no more."""
        self._batch.note_asset(url)

    def fail(self, url: str, reason: str) -> None:
        """Note that the page at `url` could not be had; a later run tries again."""
        self._batch.settle(url, PageState.FAILED, reason)
        refused = is_lasting(reason) and reason not in GONE
        self.run.counts.refused += refused
        self.run.counts.failed += not refused
        self.run.counts.gone += reason in GONE

    @property
    def unhad(self) -> Sequence[Unhad]:
        """The pages that failed in this run for the first time, as far as they are flushed."""
        return self._batch.unhad

    def enter(self, removals: Sequence[Removal]) -> None:
        """Make the evidence durable, append `removals` to the ledger, and mark the missing posts
        in the index. WriteFailed as with `flush`."""
        if removals:
            self.flush()
            with self._failing():
                self.folder.removals_ledger.append(removals)
                self.index.miss(removals)

    def flush(self) -> None:
        """Acknowledge the batch: WARC, then lines, then index, each durable before the next.

        WriteFailed if the disk refuses: nothing is written after that, and the next run fetches
        again what was not acknowledged. DiskLow if the disk is nearly full: what was captured is
        still written, but nothing more is captured.
        """
        if not self.failure:
            with self._failing():
                self._acknowledge()
                self._disk_space.check()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """After the first failure nothing is written any more: later records could need what was
        not written."""
        if self.failure:
            raise self.failure
        whole = False
        try:
            yield
            whole = True
        except BayganError as error:
            self.failure = error
            raise
        finally:
            if not whole and self.failure is None:
                self.failure = WriteFailed(
                    "a batch ended in the middle of being written, by an error inside baygan."
                    " What was acknowledged before is safe; run it again and it goes on."
                )

    def _acknowledge(self) -> None:
        for line in self._batch.write(self.index):
            self.run.counts.new += line["version"] == 1
            self.run.counts.changed += line["version"] > 1
            self.run.counts.silent += Flag.SILENT_EDIT in line["flags"]

    def close(self) -> None:
        """Flush, finish the files, append the run's line and release the lock."""
        with self.ending:
            if not self.is_closed:
                self.is_closed = True
                self._close()

    def _close(self) -> None:
        try:
            if not self.failure or isinstance(self.failure, DiskLow):
                self._finish()
        finally:
            if self.failure and not isinstance(self.failure, DiskLow):
                self._tell_failure()
            for file in (self._warc, self._text, self.folder.lines):
                file.drop()
            self.index.close()
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _tell_failure(self) -> None:
        """Append a line about the failed run, if the disk takes at least that."""
        self.run.verdict = Verdict.FAILED
        self.run.problems.append(str(self.failure))
        self.run.ended = datetime.now(UTC)
        with suppress(BayganError):
            self._note_run()

    def _note_run(self) -> None:
        if not self._imports:
            append_run(self.folder.runs_path, self.run)

    def _finish(self) -> None:
        low, self.failure = self.failure, None
        if low:
            self.run.problems.append(str(low))
        with self._failing():
            self._acknowledge()
            self._warc.drop() if self.waiting else self._warc.close()
            self._text.close()
            self.folder.lines.close()
            self.run.ended = datetime.now(UTC)
            self._note_run()
            self.index.crawl_state.manifest_size = seal(self.folder.path, self.folder.quarantine)
        self.failure = low

    def _info(self) -> dict[str, str]:
        more = {"http-header-user-agent": self.agent, "robots": "obey"}
        return about(self.folder.archive.settings, self.site, **more)
