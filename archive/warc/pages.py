"""The pages among a site's captures: the responses to requests for articles.

>>> for page in page_captures(Path("persian-news/khabar"), warc_files(Path(...))[-1]):
...     print(page.url, page.place)

The metadata record of a capture tells whether it is a page, and what was known of it. Listings,
robots.txt, redirects and errors are captures, too, but no pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import Damaged
from archive.http.message import status_of
from archive.http.urls import ascii_uri, spelling
from archive.jsonl.article_line import WarcPlace
from archive.layout import OPEN, find_warc, run_of
from archive.model import Hints
from archive.record_place import RecordPlace
from archive.times.warc_date import moment
from archive.warc.metadata import continued_by, field_of, page_of
from archive.warc.reader import PlacedRecord, read_record, records, response_of, walk
from archive.warc.records import NOT_MODIFIED
from archive.warc.stored_record import StoredRecord

IMPORTED = "imported-from"
"""The metadata field that names the other program's file in which the capture was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCapture:
    """What a site answered when a page was asked for.

    `url` is the address the site publishes the page under, `hints` what its listings told.
    `date` is when the request began. `status` is the HTTP status (0 if the answer has none);
    `is_page` tells that the whole page is stored: the answer is a 200 that was not cut, or a
    revisit of one. `place` and `record_id` are those of the `response` record, or of the
    `revisit` record that refers to one. `redirected` tells that another address than `url`
    answered, `imported` that another program captured the page.

    An article may go on at other pages. They are in `further` of its first page. In a further
    page `continues` is the record ID of the first one.
    """

    url: str
    hints: Hints
    place: RecordPlace
    record_id: str
    date: datetime
    status: int = 200
    is_page: bool = True
    redirected: bool = False
    imported: bool = False
    continues: str | None = None
    further: tuple[PageCapture, ...] = ()

    @property
    def warc(self) -> dict[str, Any]:
        """Where the record is, as the `warc` key of a line tells it."""
        file, offset, length = self.place.file, self.place.offset, self.place.length
        return {"file": file, "offset": offset, "length": length, "record_id": self.record_id}

    @property
    def run(self) -> str:
        """The part of its file's name that all files of its run share."""
        return run_of(self.place.file)


def page_captures(site_folder: Path, path: Path, start: int = 0) -> Iterator[PageCapture]:
    """The whole pages (`PageCapture.is_page`) in the WARC file at `path`, in its order, from the
    byte `start` on. Each further page of an article comes by itself. Damaged where the file is
    broken."""
    for page in asked_pages(site_folder, path, start):
        if page.is_page:
            yield page


def asked_pages(site_folder: Path, path: Path, start: int = 0) -> Iterator[PageCapture]:
    """All answers to requests for pages in the WARC file at `path`, in its order, from the byte
    `start` on, also errors and redirects. Damaged where the file is broken."""
    file = str(path.relative_to(site_folder)).removesuffix(OPEN)
    answer: tuple[StoredRecord, RecordPlace] | None = None
    for placed in whole_records(path, start):
        record = placed.record
        kind = record.field("WARC-Type")
        if kind in ("response", "revisit"):
            answer = (record, RecordPlace(file, *placed.place))
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


def page_of_line(site_folder: Path, warc: WarcPlace) -> PageCapture:
    """The capture of a line's page (its `warc` key), with its further ones; Damaged if one is not
    there."""
    page = _page_at(site_folder, warc)
    further = [_page_at(site_folder, place) for place in warc.get("further", ())]
    return replace(page, further=tuple(as_further(one, page) for one in further))


def _page_at(site_folder: Path, warc: WarcPlace) -> PageCapture:
    path = find_warc(site_folder, warc["file"])
    with suppress(OSError):
        for page in asked_pages(site_folder, path, warc["offset"]):
            if page.record_id == warc["record_id"]:
                return page
            break
    raise Damaged(f"{path}, byte {warc['offset']}: no page {warc['record_id']} is there.")


def as_further(page: PageCapture, first: PageCapture) -> PageCapture:
    """`page` as a further page of the article whose `first` page that is."""
    return replace(page, url=first.url, hints=first.hints)


def whole_records(path: Path, start: int = 0) -> Iterator[PlacedRecord]:
    """The whole records of the file from the byte `start` on. A file that is being written, or
    whose run died, may end in the middle of a record; a finished file that does is Damaged."""
    return records(path, start) if path.name.endswith(OPEN) else walk(path, start)


def _page(answer: StoredRecord, place: RecordPlace, notes: StoredRecord) -> PageCapture | None:
    record_id = answer.field("WARC-Record-ID") or ""
    continues = continued_by(notes.block)
    told = page_of(notes.block) or (("", Hints()) if continues else None)
    date = moment(answer.field("WARC-Date"))
    if told is None or date is None or notes.field("WARC-Concurrent-To") != record_id:
        return None
    url, hints = told
    target = answer.field("WARC-Target-URI") or ""
    return PageCapture(
        url=url,
        hints=hints,
        place=place,
        record_id=record_id.strip("<>"),
        date=date,
        status=_status(answer),
        is_page=_is_page(answer),
        redirected=target != url and spelling(target) != spelling(ascii_uri(url)),
        imported=field_of(notes.block, IMPORTED) is not None,
        continues=continues,
    )


def _status(answer: StoredRecord) -> int:
    """The HTTP status. A revisit may have an empty block: then it is a 304 or refers to a 200."""
    if answer.field("WARC-Type") == "revisit":
        return 304 if answer.field("WARC-Profile") == NOT_MODIFIED else 200
    return status_of(answer.block)


def _is_page(answer: StoredRecord) -> bool:
    if answer.field("WARC-Type") == "revisit":
        return True
    return answer.field("WARC-Truncated") is None and status_of(answer.block) == 200


def read_response(site_folder: Path, page: PageCapture) -> bytes:
    """The HTTP response of `page`, head and body; Damaged if it is not there as it was written."""
    return response_of(site_folder, read_record(site_folder, page.warc)).block
