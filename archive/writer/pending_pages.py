"""The pages that a dead run captured but did not keep: the next run keeps them, without a request.

The WARC file of a dead run stays `.open` until every page in it is kept or refused. So its name
tells that there is something to do, however often that is interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.index.index import Index, ListedPost
from archive.jsonl.articles import ArticleLines
from archive.layout import OPEN, WARC, warc_files
from archive.outcomes import PageState
from archive.times.days import utc
from archive.warc.pages import PageCapture, joined, page_captures, read_response
from archive.writer.recovery import finish_recovered


class PendingPages:
    """The open files of dead runs below `site_folder`; they must be cut to whole records before.

    Files of texts are finished at once. `look` finds the `pages` that are due. If there are none,
    the files of captures are finished too; else call `finish` once all pages are kept.
    """

    def __init__(self, site_folder: Path, opened: Iterable[Path]) -> None:
        self.pages: list[PageCapture] = []
        self._site_folder = site_folder
        self._opened: list[Path] = []
        for path in opened:
            if path.is_relative_to(site_folder / WARC):
                self._opened.append(path)
            else:
                finish_recovered(path)

    def look(self, index: Index, lines: ArticleLines) -> None:
        """Read the files, and find the pages that are due in `index` and not in `lines`."""
        searched = self._searched()
        captured = (
            page
            for path in warc_files(self._site_folder)
            if path in searched
            for page in page_captures(self._site_folder, path)
        )
        self.pages = [page for page in joined(captured) if _is_due(page, index, lines)]
        if not self.pages:
            self.finish()

    def response(self, page: PageCapture) -> bytes:
        """The stored response of one of `pages`; Damaged if it cannot be read any more."""
        return read_response(self._site_folder, page)

    def finish(self) -> None:
        """Give the files their final names: everything in them is kept or refused."""
        for path in self._opened:
            finish_recovered(path)
        self._opened = []
        self.pages = []

    def _searched(self) -> set[Path]:
        """The open files, and before each one the file before it in the same run: its last pages
        may not have been kept yet."""
        found = set(self._opened)
        for path in self._opened:
            stem, _, serial = path.name.removesuffix(OPEN).removesuffix(".warc.gz").rpartition("-")
            if serial.isdecimal() and int(serial):
                before = path.with_name(f"{stem}-{int(serial) - 1:05}.warc.gz")
                # Both names stand if the run died between them.
                if before.with_name(before.name + OPEN) not in found:
                    found.add(before)
        return found


def _is_due(page: PageCapture, index: Index, lines: ArticleLines) -> bool:
    """Whether an article is still to be made of this capture: its page is due, no line was made
    of the capture, and the site has not told of an edit since."""
    hints = page.hints
    known = index.state(ListedPost(url=page.url, post_type=hints.post_type, post_id=hints.post_id))
    if known is None:
        return True
    if known.state not in (PageState.DUE, PageState.FAILED) or known.modified != utc(
        hints.modified
    ):
        return False
    versions = (lines.read(place) for place in index.versions(page.url))
    return all(line["warc"]["record_id"] != page.record_id for line in versions)
