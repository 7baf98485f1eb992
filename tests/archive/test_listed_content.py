"""A post's content is read back from the listing that told it, or not at all."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.model import Capture, Exchange, Hints
from archive.record_place import RecordPlace
from archive.warc.listed_content import ListedContent, content_of
from archive.writer.site_writer import SiteWriter
from tests.archive.material import exchange, site_folder

EDITED = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
# Long enough to be a revisit when it comes again.
TEXT = "<p>باران از بامداد می‌بارد.</p>" * 40
LISTING = json.dumps(
    [
        {"id": 7, "modified_gmt": "2026-11-22T08:30:00", "content": {"rendered": TEXT}},
        {"id": 8, "content": {"rendered": 5}},
        {"id": True, "content": {"rendered": "<p>نه</p>"}},
    ]
).encode()


def place_of(capture: Capture) -> RecordPlace:
    return RecordPlace(capture.file, capture.offset, capture.length)


def listing(body: bytes = LISTING) -> Exchange:
    return exchange(1, gzip.compress(body), "Content-Encoding: gzip\r\n")


@pytest.mark.parametrize("notice", [b"", b"<br />\n<b>Warning</b>: foreach() in x.php\n"])
def test_what_was_told_comes_back_also_while_the_file_is_written(
    tmp_path: Path, notice: bytes
) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        places = [place_of(writer.capture(listing(notice + LISTING))) for _ in range(2)]
        writer.flush()
        again = place_of(writer.capture(listing(notice + LISTING)))
        hints = [Hints(post_id=7, modified=EDITED, content_place=p) for p in (*places, again)]
        assert [content_of(site.path, one) for one in hints] == [ListedContent(TEXT, True)] * 3
    assert content_of(site.path, hints[2]) == ListedContent(TEXT, True)
    later = replace(hints[0], modified=EDITED.replace(hour=9))
    assert content_of(site.path, later) == ListedContent(TEXT, False)
    assert content_of(site.path, replace(hints[0], modified=None)) == ListedContent(TEXT, True)


def test_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        good = place_of(writer.capture(listing()))
        broken = place_of(writer.capture(listing(LISTING[:-20])))
        page = place_of(writer.capture(exchange(2)))
    places = [
        broken,
        page,
        replace(good, offset=good.offset + 1),
        replace(good, offset=10**9),
        replace(good, file="warc/2026/gone-00000.warc.gz"),
        None,
    ]
    hints = Hints(post_id=7, content_place=good)
    assert content_of(site.path, hints)
    assert not [p for p in places if content_of(site.path, replace(hints, content_place=p))]
    assert not [n for n in (None, 1, 8, 9) if content_of(site.path, replace(hints, post_id=n))]


@pytest.mark.parametrize(
    "text", [None, "", "warc/2026/a.warc.gz 1", "/etc/passwd 1 2", "warc/../../a 1 2", "a 1 2"]
)
def test_a_note_that_names_no_place_is_none(text: str | None) -> None:
    assert RecordPlace.read(text) is None
