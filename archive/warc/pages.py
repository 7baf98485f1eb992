"""The pages among a site's captures: the responses whose requests were made for an article.

>>> for page in page_captures(Path("persian-news/khabar"), warc_files(Path(...))[-1]):
...     print(page.url, page.place)

Which they are, and what was known of each, stands in the metadata record beside it. Listings,
robots.txt, redirects and errors are captures too, but no pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from archive.errors import Damaged
from archive.http.message import status_of
from archive.http.urls import ascii_uri, spelling
from archive.layout import OPEN, RecordPlace, run_of
from archive.model import Hints
from archive.times.warc_date import moment
from archive.warc.metadata import continued_by, page_of, read_fields
from archive.warc.reader import Walked, walk
from archive.warc.stored_record import StoredRecord, read_record, response_of

IMPORTED = "imported-from"
"""The note that names the file of another program in which the capture came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCapture:
    """A page as it lies in the WARC: whole, and answered with 200.

    `url` is the address the site publishes it under, `hints` what its listings told. `place`
    and `record_id` are those of its `response`, or of a `revisit` which refers to one.
    `redirected` tells that another address answered, `imported` that another program captured
    the page. `further` are the pages that the article goes on with; such a page `continues`
    the one with this record ID, whose address and hints are its own.
    """

    url: str
    hints: Hints
    place: RecordPlace
    record_id: str
    date: datetime
    redirected: bool = False
    imported: bool = False
    continues: str | None = None
    further: tuple[PageCapture, ...] = ()

    @property
    def run(self) -> str:
        """The part of its file's name that all files of its run share."""
        return run_of(self.place.file)


def page_captures(site_folder: Path, path: Path) -> Iterator[PageCapture]:
    """The pages in the WARC file at `path`, in its order, the further pages of an article each
    by itself; Damaged where it is broken."""
    file = str(path.relative_to(site_folder)).removesuffix(OPEN)
    answer: tuple[StoredRecord, RecordPlace] | None = None
    for walked in whole_records(path):
        record = walked.record
        kind = record.field("WARC-Type")
        if kind in ("response", "revisit"):
            answer = (record, RecordPlace(file, *walked.place)) if walked.place else None
        elif kind == "metadata" and answer and (page := _page(*answer, record)):
            yield page


def joined(pages: Iterable[PageCapture]) -> list[PageCapture]:
    """`pages` with those that continue another put into its `further`."""
    found: dict[str, PageCapture] = {}
    for page in pages:
        first = found.get(page.continues or "")
        if first:
            found[first.record_id] = replace(
                first, further=(*first.further, as_further(page, first))
            )
        elif page.continues is None:
            found[page.record_id] = page
    return list(found.values())


def as_further(page: PageCapture, first: PageCapture) -> PageCapture:
    """`page` with what is known of the `first` page of its article."""
    return replace(page, url=first.url, hints=first.hints)


def whole_records(path: Path) -> Iterator[Walked]:
    """The records of the file; one that is being written, or whose run died, may have a tail."""
    try:
        yield from walk(path)
    except Damaged:
        if not path.name.endswith(OPEN):
            raise


def _page(answer: StoredRecord, place: RecordPlace, notes: StoredRecord) -> PageCapture | None:
    record_id = answer.field("WARC-Record-ID") or ""
    continues = continued_by(notes.block)
    told = page_of(notes.block) or (("", Hints()) if continues else None)
    date = moment(answer.field("WARC-Date"))
    if told is None or date is None or not _usable(answer):
        return None
    if notes.field("WARC-Concurrent-To") != record_id:
        return None
    url, hints = told
    target = answer.field("WARC-Target-URI") or ""
    return PageCapture(
        url=url,
        hints=hints,
        place=place,
        record_id=record_id.strip("<>"),
        date=date,
        redirected=target != url and spelling(target) != spelling(ascii_uri(url)),
        imported=IMPORTED in read_fields(notes.block),
        continues=continues,
    )


def _usable(answer: StoredRecord) -> bool:
    if answer.field("WARC-Type") == "revisit":
        return True
    return answer.field("WARC-Truncated") is None and status_of(answer.block) == 200


def read_response(site_folder: Path, page: PageCapture) -> bytes:
    """The HTTP response of `page`, head and body; Damaged if it is not there as written."""
    place = page.place
    named = {"file": place.file, "offset": place.offset, "length": place.length}
    record = read_record(site_folder, {**named, "record_id": page.record_id})
    return response_of(site_folder, record).block
