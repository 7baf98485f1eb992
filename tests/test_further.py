"""Articles of several pages: the crawl follows them, keeps them, and puts up with their loss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from archive.layout import warc_files
from archive.model import Capture, Hints, Page
from archive.warc.pages import joined, page_captures
from spiders.next_pages import next_page
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights
from tests.test_cleaning_whole import LEAD, PARAGRAPHS, sheet

POSTS = 3
WHOLE = "\n\n".join((LEAD, *PARAGRAPHS))


class Pages:
    """A mood: one post's three pages; `missing` tells what is answered instead of one."""

    def __init__(self, room: Newsroom) -> None:
        post = room.posts[0]
        self.id, self.path = post.id, unquote(post.path)
        self.address = room.site.url(post)
        self.missing: dict[int, str] = {}
        room.be(self, self.path + "*")

    def __call__(self, request: Request, document: Document) -> Answer | None:
        number = int(request.path.removeprefix(self.path).strip("/") or 1)
        if status := self.missing.get(number):
            return Document(b"", status).answer()
        if number > len(PARAGRAPHS):
            return Document.redirect(self.address).answer()
        html = sheet(number, PARAGRAPHS[number - 1]).decode()
        html = html.replace("https://khabar.example/1404/08/12/karun/", self.address)
        return Document(html.replace("postid-7", f"postid-{self.id}").encode()).answer()


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with Newsroom(Site(POSTS)) as room:
        yield Nights(room, tmp_path / "archive")


def line_of(nights: Nights, number: int) -> dict[str, Any]:
    lines: list[dict[str, Any]] = nights.baygan("export").lines
    return next(line for line in lines if line["post_id"] == number)


def test_all_pages_become_one_article(nights: Nights) -> None:
    pages = Pages(nights.room)
    night = nights()
    assert (night["verdict"], night["new"]) == ("complete", POSTS + 1)
    line = line_of(nights, pages.id)
    assert line["text"] == WHOLE and "several_pages" not in line["flags"]
    asked = [unquote(path) for path in nights.asked]
    own = [path for path in asked if path.startswith(pages.path)]
    assert own == [pages.path, f"{pages.path}2/", f"{pages.path}3/"]
    assert len(line["warc"]["further"]) == 2
    assert nights()["changed"] == 0 and nights.fetched == 0


def test_the_captures_tell_what_belongs_together(nights: Nights) -> None:
    pages = Pages(nights.room)
    nights()
    line = line_of(nights, pages.id)
    site = nights.baygan.folder / "news"
    captures = joined(page for path in warc_files(site) for page in page_captures(site, path))
    assert len(captures) == POSTS + 1
    first = next(page for page in captures if page.further)
    assert first.record_id == line["warc"]["record_id"]
    places = [(more.place.offset, more.record_id) for more in first.further]
    assert places == [(more["offset"], more["record_id"]) for more in line["warc"]["further"]]


def test_a_page_that_may_come_later_is_waited_for(nights: Nights) -> None:
    pages = Pages(nights.room)
    pages.missing = {2: "503 Service Unavailable"}
    night = nights(code=3)
    assert (night["new"], night["failed"]) == (POSTS, 1)
    pages.missing = {}
    assert nights()["new"] == 1
    assert line_of(nights, pages.id)["text"] == WHOLE


def test_a_page_that_is_gone_leaves_the_rest(nights: Nights) -> None:
    pages = Pages(nights.room)
    pages.missing = {3: "404 Not Found"}
    assert nights()["new"] == POSTS + 1
    line = line_of(nights, pages.id)
    assert line["text"] == "\n\n".join((LEAD, *PARAGRAPHS[:2]))
    assert "several_pages" in line["flags"]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://khabar.example/karun/", "https://khabar.example/karun/2/"),
        ("https://khabar.example/karun/", "/karun/2"),
        ("https://khabar.example/?p=7", "https://khabar.example/?p=7&#038;page=2"),
        ("https://khabar.example/?p=7", "?page=2&amp;p=7"),
        ("https://khabar.example/karun/", "/karun/&#50;/"),
        ("https://khabar.example/?p=7", "?p=7&amp;page=&#x032;"),
    ],
)
def test_links_to_the_next_page_are_known_by_their_address(address: str, link: str) -> None:
    for name in ("href = '%s'", 'HREF="%s"', "Href=%s", "class=b href=%s data-n=2"):
        found = next_page(page(address, f"<a class='x' {name % link}>۲</a>"), (address,))
        assert found is not None and "2" in found


@pytest.mark.parametrize(
    "link",
    [
        "https://khabar.example/karun/comment-page-2/",
        "https://khabar.example/karun/3/",
        "https://khabar.example/karun-2/",
        "https://khabar.example/page/2/",
        "https://other.example/karun/2/",
        "https://[khabar/2/",
    ],
)
def test_other_links_are_none(link: str) -> None:
    address = "https://khabar.example/karun/"
    assert next_page(page(address, f'<a href="{link}">۲</a>'), (address,)) is None


def page(address: str, body: str) -> Page:
    capture = Capture(
        file="warc/2026/a.warc.gz",
        offset=0,
        length=1,
        record_id="urn:uuid:x",
        payload_sha256="",
        date=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return Page(url=address, body=body.encode(), hints=Hints(), capture=capture)
