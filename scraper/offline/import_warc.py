"""Imports captures of other programs: they become captures and articles of a site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from archive.epochs import Epochs, read_epochs, write_epochs
from archive.errors import UsageError
from archive.folder import SiteFolder
from archive.foreign.capture import key_of
from archive.foreign.captures import IMPORTED_ID, Foreign
from archive.foreign.inputs import WarcInput
from archive.foreign.left_out import LeftOut
from archive.layout import OPEN
from archive.model import Exchange, Hints
from archive.outcomes import Outcome, Reason
from archive.record_place import RecordPlace
from archive.select.upkeep import keep_up
from archive.storage.stored_files import imported_files
from archive.times.warc_date import moment
from archive.warc.metadata import read_fields
from archive.warc.pages import PageCapture, read_response, whole_records
from archive.warc.reader import PlacedRecord
from archive.writer.site_writer import SiteWriter
from archive.writer.versions import at_home
from scraper.cleaning.fingerprint import extractor
from scraper.learning.rules import brought_to
from scraper.offline.stored_pages import Recleaned, Refused, reclean, says_the_same
from scraper.workers import CleaningWorkers

_FEW = 5
_LEARNING = 3600
# The page is in the archive but could not be read: its coding is unknown, its end is missing, or
# cleaning failed.
_UNREAD = (Reason.CUT, Reason.CODING, Reason.TOO_LARGE, "clean-")


@dataclass(slots=True, kw_only=True)
class Imported:
    """The result of an import. `pages` is how many were taken. Of these so many gave `new`
    articles, other versions (`changed`), or what was there already (`unchanged`). `older` pages
    belong before a version that is there: a rebuild puts them in their place. `refused` counts the
    pages that are no article, by reason; `left_out` counts what was not taken. With `dry_run` it
    is what would have been done."""

    site: str
    dry_run: bool = False
    pages: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def lost(self) -> dict[str, int]:
        """How many captures may have been articles and gave none, by reason."""
        unread = {why: n for why, n in self.refused.items() if why.startswith(_UNREAD)}
        return dict(Counter(unread) + Counter(self.left_out.lost))

    @property
    def incomplete(self) -> bool:
        """Whether an article may be missing."""
        return bool(self.lost or self.left_out.torn or self.left_out.unread)

    def to_object(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


class Import:
    """An import of `files` into the site of `folder`; `step` is called for every page."""

    def __init__(
        self,
        folder: SiteFolder,
        files: Sequence[WarcInput],
        workers: CleaningWorkers,
        step: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._folder = folder
        self._workers = workers
        self._step = step
        known = [(given, page.url, page.date, page) for given, page in imported_before(folder)]
        self._stored = {key_of(given, uri, date): page for given, uri, date, page in known}
        self._foreign = Foreign(
            files,
            folder.site.url,
            skip=folder.site.skip,
            known=[before[:3] for before in known],
            recall=self._recall,
        )
        self.imported = Imported(site=folder.site.name, left_out=self._foreign.left_out)

    def run(self) -> Imported:
        """Store the pages, then clean them, the oldest first. ArchiveBusy if another run holds the
        site; UsageError if a file is no WARC or none holds a page of the site.

        If it is killed, do it again and it goes on: nothing is taken twice.
        """
        with SiteWriter(self._folder, imports=True) as writer:
            writer.extractor = extractor()
            pages = [self._take(exchange, writer) for exchange in self._foreign.exchanges()]
            writer.flush()
            self._check(pages)
            pages.sort(key=lambda page: page.date)
            self._keep(pages, writer, self._learnt(writer) if pages else Epochs())
        keep_up([self._folder])
        return self.imported

    def _take(self, exchange: Exchange, writer: SiteWriter) -> PageCapture:
        capture = writer.capture(exchange)
        self.imported.pages += 1
        self._step(1)
        assert exchange.page_url
        page = PageCapture(
            url=exchange.page_url,
            hints=Hints(),
            place=RecordPlace(capture.file, capture.offset, capture.length),
            record_id=capture.record_id,
            date=capture.date,
            imported=True,
        )
        record_id = dict(exchange.imported)[IMPORTED_ID]
        self._stored[key_of(record_id, exchange.url, exchange.started)] = page
        return page

    def _recall(self, key: str) -> bytes | None:
        page = self._stored.get(key)
        return read_response(self._folder.path, page) if page else None

    def _check(self, pages: Sequence[PageCapture]) -> None:
        """UsageError if the files have no page of this site, not even one that was left out."""
        left_out = self._foreign.left_out
        if pages or left_out.known or self.imported.incomplete:
            return
        most = Counter(left_out.hosts).most_common(_FEW)
        hosts = ", ".join(f"{host} {count}" for host, count in most)
        reasons = ", ".join(f"{why} {count}" for why, count in sorted(left_out.reasons.items()))
        raise UsageError(
            f"no page of {self._folder.site.url} in these files; nothing was taken."
            + (f" They hold captures of: {hosts}." if hosts else "")
            + (f" Left out: {reasons}." if reasons else "")
        )

    def _learnt(self, writer: SiteWriter) -> Epochs:
        """What the site's pages teach, those of this import too."""
        folder, run = self._folder.path, writer.run_name
        learning = self._workers.schedule(brought_to, folder, run, ended=True, seconds=_LEARNING)
        found = self._workers.wait_for(learning)
        if found != read_epochs(folder):
            write_epochs(folder, found)
        return found

    def _keep(self, pages: Sequence[PageCapture], writer: SiteWriter, epochs: Epochs) -> None:
        counts: Counter[Outcome] = Counter()
        refused: Counter[str] = Counter()
        fresh: set[str] = set()
        for page, found in reclean(self._folder, pages, self._workers, epochs):
            self._step(1)
            if isinstance(found, Refused):
                refused[found.reason] += 1
                continue
            if found.line["id"] in fresh:
                # The next version is compared with the one before, so that must be in the index.
                writer.flush()
                fresh.clear()
            fresh.add(found.line["id"])
            outcome = self._version(found, page, writer, epochs)
            if outcome == Outcome.EMPTIED:
                refused[Reason.EMPTY] += 1
            elif outcome == Outcome.CUT_SHORT:
                refused[Reason.CUT] += 1
            else:
                counts[outcome] += 1
        self.imported.refused = dict(sorted(refused.items()))
        self.imported.new = counts[Outcome.NEW]
        self.imported.changed = counts[Outcome.CHANGED]
        self.imported.unchanged = counts[Outcome.UNCHANGED]
        self.imported.older = counts[Outcome.OLDER]

    def _version(
        self, found: Recleaned, page: PageCapture, writer: SiteWriter, epochs: Epochs
    ) -> Outcome:
        line = found.line
        at_home(line, writer.index)
        places = writer.index.versions(line["id"])
        if places and self._folder.lines.read(places[-1])["fetched"] >= line["fetched"]:
            return Outcome.OLDER
        epoch, lines = epochs.of(page.run), self._folder.lines
        same = says_the_same(self._folder, line, epoch, self._workers, writer.index, lines)
        return writer.take(line, page.date, set(), same=same)


def imported_before(folder: SiteFolder) -> Iterator[tuple[str, PageCapture]]:
    """The captures that were imported before, each after the record ID that the other program gave
    it. Their `url` is that of the record."""
    for path in imported_files(folder.path):
        file = str(path.relative_to(folder.path)).removesuffix(OPEN)
        answer: PlacedRecord | None = None
        for placed in whole_records(path):
            if placed.record.field("WARC-Type") in ("response", "revisit"):
                answer = placed
            elif answer and (record_id := read_fields(placed.record.block).get(IMPORTED_ID)):
                page = _stored_page(answer, file)
                if page:
                    yield record_id, page


def _stored_page(answer: PlacedRecord, file: str) -> PageCapture | None:
    date = moment(answer.record.field("WARC-Date"))
    if date is None:
        return None
    return PageCapture(
        url=answer.record.field("WARC-Target-URI") or "",
        hints=Hints(),
        place=RecordPlace(file, *answer.place),
        record_id=(answer.record.field("WARC-Record-ID") or "").strip("<>"),
        date=date,
        imported=True,
    )
