"""A night: one run over one site, from taking the lock to the line in runs.jsonl.

The order of writing is the whole crash story. A batch of at most 16 articles is
acknowledged only after these steps; each makes the one before it durable:

    1  WARC members appended, fsync        captured
    2  lines, fsync, then their text       kept
    3  the index, one transaction          acknowledged, counted, reported

A page that was captured and not kept when its run died is in the next one's `pending_pages`.
"""

from __future__ import annotations

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
from archive.outcomes import Outcome, PageState, Reason, Verdict
from archive.version import __version__
from archive.warc.warcinfo import about
from archive.warc.writer import GIBIBYTE, WarcSeries
from archive.writer.batch import Batch, Unhad
from archive.writer.capture_writer import CaptureWriter
from archive.writer.opening import open_site
from archive.writer.versions import number


class SiteWriter:
    """Everything one run writes for one site; open it, use it, `close` it.

    `wait` is how long (seconds) to wait for another run, `file_limit` the size in bytes at
    which a WARC file is followed by another. `agent` is the User-Agent, for the warcinfo
    records; `extractor` goes into every line: set both before the first capture. `failure`
    is set once something could not be written: nothing is written after that. `confirmations`
    are removals that this night saw a second time, for whoever knows how other sites fared.
    While `waiting` is set, captured pages are not cleaned yet: at its end they are left to the next
    run. `given` counts the pages that were articles, `refusals` those that were none, by reason.
    One that `imports` captures of other programs asks the site nothing and is no night of
    runs.jsonl.
    """

    def __init__(
        self,
        folder: SiteFolder,
        *,
        wait: float = 0.0,
        file_limit: int = GIBIBYTE,
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
        self._closed = False
        self.waiting = False
        self.failure: BayganError | None = None
        self.confirmations: list[Removal] = []
        self.given = 0
        self.refusals: Counter[str] = Counter()
        self._imports = imports
        self.run_name = name = run_name(self.site.name, started, self.run.run, imports=imports)
        self._warc = WarcSeries(folder.path, WARC, name, started, self._info, file_limit)
        self._text = WarcSeries(folder.path, TEXT, name, started, self._info, file_limit)
        self._batch = Batch(self._warc, folder.lines, self._text)
        self._disk_space = DiskSpace(folder.path, folder.archive.settings.min_free)
        try:
            self._disk_space.check()
            self.index, self.pending_pages = open_site(folder, self.run, self._info)
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
        """Take the article of the page at `url`, and of the `further` pages it goes on with,
        into the batch; say what became of it.

        `new`; `changed`, the next version of an article whose folded text or title is another
        now; `unchanged`, the version that is there already; `duplicate`, an article that is
        known under another address; `emptied`, a page without the text that it had.
        """
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
        """The same for a line without its version; `kept` (if not given, what this run has kept)
        and `same` as `versions.number` has them."""
        kept = self._keys if kept is None else kept
        outcome = number(line, self.index, kept, same=same)
        self.given += 1
        if outcome == Outcome.DUPLICATE:
            self.refuse(line["url"], Reason.DUPLICATE)
        elif outcome == Outcome.EMPTIED:
            self.refuse(line["url"], Reason.EMPTY)
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
        """Let every kept page be fetched once more tonight, or at most `limit` of them."""
        # What the index does not know to be stored would be stored whole.
        self.index.digests.learn(self.folder.path)
        self.index.rechecks.choose_all(limit, self.site.since)

    def leave(self, url: str) -> None:
        """Note that the page at `url` is the one that is kept: the site answered 304."""
        self.given += 1
        self._batch.settle(url, PageState.KEPT, Reason.UNCHANGED)

    def refuse(self, url: str, reason: str) -> None:
        """Note that the page at `url` is no article. It is fetched again if that may pass; what
        a bad night shows in its place does not undo what is kept."""
        self._batch.settle(url, PageState.REFUSED, reason)
        self.refusals[reason] += 1
        self.run.counts.refused += 1

    def refuse_unasked(self, url: str, reason: str) -> None:
        """Note at once that the page which is named at `url` is not to be asked for."""
        settled = self.index.settle(url, PageState.REFUSED, reason)
        if settled.is_news:
            self._batch.unhad.append(Unhad(url, reason, settled.is_kept))

    def note_asset(self, url: str) -> None:
        """Note that the asset at `url` was captured, or is not there; it is not asked for again."""
        self._batch.note_asset(url)

    def fail(self, url: str, reason: str) -> None:
        """Note that the page at `url` could not be had; another night tries again."""
        self._batch.settle(url, PageState.FAILED, reason)
        refused = is_lasting(reason) and reason not in GONE
        self.run.counts.refused += refused
        self.run.counts.failed += not refused
        self.run.counts.gone += reason in GONE

    @property
    def unhad(self) -> Sequence[Unhad]:
        """The pages that could not be had tonight for the first time, of what is flushed."""
        return self._batch.unhad

    def enter(self, removals: Sequence[Removal]) -> None:
        """Enter `removals` in the ledger, after their evidence is durable, and mark what is
        missing in the index; WriteFailed as with `flush`."""
        if removals:
            self.flush()
            with self._failing():
                self.folder.removals_ledger.append(removals)
                self.index.miss(removals)

    def flush(self) -> None:
        """Acknowledge the batch: WARC, then lines, then index, each durable before the next.

        WriteFailed if the disk refuses; nothing is written after that, and the next night
        fetches what was not acknowledged again. DiskLow if it is as good as full: what was
        captured is written all the same, and nothing is captured any more.
        """
        if not self.failure:
            with self._failing():
                self._acknowledge()
                self._disk_space.check()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """After the first failure nothing is written any more: what came later could stand
        on what is not there."""
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
            self.run.counts.silent += "silent_edit" in line["flags"]

    def close(self) -> None:
        """Flush, finish the files, write the night's object and let go of the site."""
        if self._closed:
            return
        self._closed = True
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
        """A line about the failed night, if the disk takes at least that."""
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
        settings = self.folder.archive.settings
        return about(
            settings, self.site, **{"http-header-user-agent": self.agent, "robots": "obey"}
        )
