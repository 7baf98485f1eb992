"""A rebuild makes lines, texts and index of a site anew from its WARC files, with today's rules."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.epochs import Epochs
from archive.files.lock import Lock
from archive.folder import SiteFolder
from archive.http.urls import spelling
from archive.index.index import Index, ListedPost
from archive.jsonl.article_line import ArticleLine
from archive.layout import LOCK, MANIFEST, WARC
from archive.outcomes import Outcome, PageState, Reason
from archive.rebuild.changes import Changes
from archive.rebuild.page_history import PageHistory
from archive.rebuild.staging import Staging, put_in_place, start_over
from archive.select.upkeep import keep_up
from archive.storage.stored_files import only_stored
from archive.warc.pages import PageCapture
from archive.writer.recovery import cut_warcs, finish_recovered
from archive.writer.versions import at_home, is_cut_short, number, number_first
from scraper.learning.rules import all_epochs
from scraper.offline.rebuilt import Rebuilt
from scraper.offline.stored_pages import Recleaned, Refused, reclean, says_the_same
from scraper.workers import CleaningWorkers

_BATCH = 256
_LEARNING = 24 * 3600


class Rebuild:
    """A rebuild of the site in `folder`; with `dry_run` it changes nothing.

    `begin` is called with the number of pages, `step` when one is done, `detail` for every article
    that is not the same as before.
    """

    def __init__(
        self,
        folder: SiteFolder,
        workers: CleaningWorkers,
        *,
        dry_run: bool = False,
        begin: Callable[[int], None] = lambda count: None,
        step: Callable[[int], None] = lambda count: None,
        detail: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._folder = folder
        self._workers = workers
        self._begin = begin
        self._step = step
        self._detail = detail
        self.rebuilt = Rebuilt(site=folder.site.name, dry_run=dry_run)
        self._refused: Counter[str] = Counter()
        self._run = ""
        self._kept: set[str] = set()
        self._epochs = Epochs()

    def run(self) -> Rebuilt:
        """Rebuild under the site's lock: ArchiveBusy if another run has it, Damaged if a WARC file
        is broken. Nothing is replaced before everything is done."""
        folder = self._folder
        if not (folder.path / WARC).is_dir() and not only_stored(folder.path):
            return self.rebuilt
        lock = Lock(folder.path / LOCK)
        try:
            if self.rebuilt.dry_run:
                with TemporaryDirectory(prefix="baygan-") as scratch:
                    self._make(Staging(folder, Path(scratch) / "new", dry=True))
            else:
                self._replace()
        finally:
            lock.close()
        return self.rebuilt

    def _replace(self) -> None:
        folder = self._folder
        put_in_place(folder)
        for path in cut_warcs(folder.path, folder.quarantine, folder.lines.named):
            finish_recovered(path)
        staging = Staging(folder, start_over(folder))
        self._make(staging)
        staging.complete()
        aside = put_in_place(folder)
        self.rebuilt.quarantine = str(aside)
        index = Index(folder.index_path, write=True)
        index.crawl_state.manifest_size = (folder.path / MANIFEST).stat().st_size
        index.close()
        keep_up([folder])

    def _make(self, staging: Staging) -> None:
        scratch = staging.path / "scratch"
        scratch.mkdir()
        try:
            with (
                PageHistory(scratch / "pages.db") as history,
                Changes(self._folder.lines, scratch / "changes.db") as changes,
            ):
                # A child learns again what the pages taught each run, while all are listed here.
                learnt = self._workers.schedule(all_epochs, self._folder.path, seconds=_LEARNING)
                self.rebuilt.pages = history.read(self._folder.path, self._folder.lines)
                self._begin(self.rebuilt.pages)
                self._epochs = self._workers.wait_for(learnt)
                staging.learn(self._epochs)
                self._clean(history.pages(), staging, changes)
                staging.index.miss(self._folder.removals_ledger.open())
                self._compare(staging, changes)
        finally:
            staging.close()
        shutil.rmtree(scratch)

    def _clean(self, pages: Iterable[PageCapture], staging: Staging, changes: Changes) -> None:
        index = staging.index
        for batch in _apart(reclean(self._folder, pages, self._workers, self._epochs)):
            unknown = index.enter(_listed(batch))
            with index.transaction(), changes.batch():
                for page, found in batch:
                    if isinstance(found, Recleaned) and found.line["id"] in unknown:
                        number_first(found.line, self._kept_by(page))
                        staging.keep(found.line, page.date, found.text, unknown=True)
                        changes.compare(found.line)
                    else:
                        self._take(page, found, staging, changes)
            self._step(len(batch))

    def _take(
        self, page: PageCapture, found: Recleaned | Refused, staging: Staging, changes: Changes
    ) -> None:
        if isinstance(found, Refused):
            self._refused[found.reason] += 1
            staging.index.settle(page.url, *found)
            return
        line, text = found
        if page.imported:
            at_home(line, staging.index)
        epoch = self._epochs.of(page.run)
        same = staging.has_lines and says_the_same(
            self._folder, line, epoch, self._workers, staging.index, staging.lines
        )
        cut = staging.has_lines and is_cut_short(line, staging.index, staging.lines)
        outcome = number(line, staging.index, self._kept_by(page), same=same, cut=cut)
        if outcome == Outcome.DUPLICATE:
            self._refused[Reason.DUPLICATE] += 1
            staging.index.settle(page.url, PageState.REFUSED, Reason.DUPLICATE)
        elif outcome == Outcome.EMPTIED:
            self._refused[Reason.EMPTY] += 1
            staging.index.settle(page.url, PageState.KEPT, Reason.EMPTY)
        elif outcome == Outcome.CUT_SHORT:
            self._refused[Reason.CUT] += 1
            staging.index.settle(page.url, PageState.KEPT, Reason.CUT)
        elif outcome == Outcome.UNCHANGED:
            staging.index.stand(ListedPost.of_line(line))
            staging.index.settle(page.url, PageState.KEPT, Reason.UNCHANGED)
        else:
            staging.keep(line, page.date, text)
            changes.compare(line)

    def _kept_by(self, page: PageCapture) -> set[str]:
        """The IDs of the articles that are kept so far of the run that captured `page`: a crawl
        keeps each article once. An import keeps every page, so for that the set is empty."""
        if page.imported:
            return set()
        if page.run != self._run:
            self._run, self._kept = page.run, set()
        return self._kept

    def _compare(self, staging: Staging, changes: Changes) -> None:
        changes.finish()
        rebuilt = self.rebuilt
        rebuilt.versions = staging.kept
        rebuilt.articles = staging.index.counts()["articles"]
        counts = changes.counts()
        rebuilt.new, rebuilt.changed = counts["new"], counts["changed"]
        rebuilt.gone, rebuilt.same = counts["gone"], counts["same"]
        rebuilt.fields = changes.fields()
        rebuilt.refused = dict(sorted(self._refused.items()))
        for kind in ("new", "gone"):
            for article, _ in changes.articles(kind):
                self._detail(f"{article}: {kind}")
        for article, fields in changes.articles("changed"):
            self._detail(f"{article}: {', '.join(fields)}")


def _listed(
    batch: Sequence[tuple[PageCapture, Recleaned | Refused]],
) -> list[tuple[ListedPost, ArticleLine | None]]:
    """The pages of a batch as listings told of them, each with its line; without the lines if there
    are imported pages, which may be of the same articles."""
    alone = not any(page.imported for page, _ in batch)
    return [
        (_as_listed(page), found.line if alone and isinstance(found, Recleaned) else None)
        for page, found in batch
        if not page.imported
    ]


def _as_listed(page: PageCapture) -> ListedPost:
    """What the listing said of the page in the run that captured it."""
    hints = page.hints
    return ListedPost(
        url=page.url,
        post_type=hints.post_type,
        post_id=hints.post_id,
        title=hints.title,
        published=hints.published,
        date_source=hints.date_source,
        modified=hints.modified,
        protected=hints.protected,
        content_place=hints.content_place,
    )


def _apart(
    results: Iterable[tuple[PageCapture, Recleaned | Refused]],
) -> Iterator[list[tuple[PageCapture, Recleaned | Refused]]]:
    """`results` in batches without two captures of the same post or the same address: between the
    two the post's address may have changed."""
    batch: list[tuple[PageCapture, Recleaned | Refused]] = []
    seen: set[tuple[str | None, int] | str] = set()
    for page, found in results:
        number = page.hints.post_id
        keys = {spelling(page.url), page.url if number is None else (page.hints.post_type, number)}
        if len(batch) == _BATCH or keys & seen:
            yield batch
            batch, seen = [], set()
        batch.append((page, found))
        seen |= keys
    if batch:
        yield batch
