"""Where a source ends that is not at its end: what was read is taken, and a sentence tells it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from scrapy.http import HtmlResponse, Response

from archive.index.index import ListedPost
from spiders.sources.archive_pages import ArchivePages
from spiders.sources.feed import Feed
from spiders.sources.sitemap import Sitemaps
from tests.newsroom.document import Document
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.site import Options, Site

HOME = "http://khabar.example/"


def site(count: int = 34, **options: Any) -> Site:
    return Site(count, home=HOME.rstrip("/"), options=Options(**options))


class Desk:
    """Answers to requests for the pages of a site, without a wire; `asked` are their targets."""

    def __init__(self, site: Site, instead: Callable[[str], Document | None] | None = None) -> None:
        self._router = Router(site)
        self._instead = instead or (lambda target: None)
        self.asked: list[str] = []

    async def __call__(self, url: str, **how: Any) -> Response:
        target = url.removeprefix(HOME.rstrip("/"))
        self.asked.append(target)
        request = Request(f"GET {target} HTTP/1.1\r\nHost: khabar.example\r\n\r\n".encode())
        document = self._instead(target) or self._router.document(request)
        status = int(document.status.split()[0])
        return HtmlResponse(url, status=status, body=document.body, encoding="utf-8")


def walked(pages: AsyncIterator[list[ListedPost]]) -> list[str]:
    async def walk() -> list[str]:
        return [post.url async for posts in pages for post in posts]

    return asyncio.run(walk())


def test_a_feed_of_too_many_pages_is_told() -> None:
    feed = Feed([f"{HOME}feed/"], Desk(site()), HOME, most=2)
    assert len(walked(feed.walk())) == 20
    assert feed.remarks == [f"{HOME}feed/ has more than 2 pages; the posts behind them were left"]
    assert feed.problems == []


def test_a_feed_that_ends_with_its_last_page_has_nothing_to_tell() -> None:
    feed = Feed([f"{HOME}feed/"], Desk(site()), HOME, most=5)
    assert len(walked(feed.walk())) == 35
    assert feed.remarks == feed.problems == []


def test_a_feed_without_pages_is_told() -> None:
    desk = Desk(site(), lambda target: first if "paged" in target else None)
    first = Router(site()).document(Request(b"GET /feed/ HTTP/1.1\r\n\r\n"))
    feed = Feed([f"{HOME}feed/"], desk, HOME)
    assert len(walked(feed.walk())) == 10
    assert len(desk.asked) == 2
    assert "lists its newest posts only" in feed.remarks[0]


def test_a_feed_whose_pages_go_round_ends() -> None:
    desk = Desk(site(), lambda target: second if target.endswith("paged=3") else None)
    second = Router(site()).document(Request(b"GET /feed/?paged=2 HTTP/1.1\r\n\r\n"))
    feed = Feed([f"{HOME}feed/"], desk, HOME)
    assert len(walked(feed.walk())) == 20
    assert "posts that it named before" in feed.remarks[0]


def test_a_list_of_too_many_pages_is_told() -> None:
    lists = ArchivePages(HOME, Desk(site()), HOME, most=2)
    assert len(walked(lists.walk())) < 35
    assert lists.remarks == ["the lists have more than 2 pages; the posts behind them were left"]


def test_a_named_feed_that_fails_gives_way() -> None:
    broken = Document(b"", "500 Internal Server Error")
    desk = Desk(site(), lambda target: broken if target.startswith("/rss") else None)
    feed = Feed(["https://feeds.example/khabar", f"{HOME}rss.xml", f"{HOME}feed/"], desk, HOME)
    assert len(walked(feed.walk())) == 35
    assert desk.asked[:2] == ["/rss.xml", "/feed/"]
    assert feed.problems == []


def index(*files: str) -> Document:
    rows = "".join(f"<sitemap><loc>{file}</loc></sitemap>" for file in files)
    return Document(f"<sitemapindex>{rows}</sitemapindex>".encode())


def urlset(*locs: str) -> Document:
    return Document(
        f"<urlset>{''.join(f'<url><loc>{loc}</loc></url>' for loc in locs)}</urlset>".encode()
    )


def sitemaps(files: dict[str, Document], **more: Any) -> Sitemaps:
    """Those of a site that has no others; `files` are found by their whole addresses, too."""
    desk = Desk(site(1, sitemap="none"), files.get)
    return Sitemaps(HOME, [f"{HOME}index.xml"], desk, **more)


def test_files_on_another_host_are_read_and_their_addresses_are_ours() -> None:
    cdn = "https://cdn.example/maps/posts.xml"
    read = sitemaps(
        {"/index.xml": index(cdn), cdn: urlset("/moved/", f"{HOME}a/", "https://other.example/b/")}
    )
    assert walked(read.walk()) == [f"{HOME}a/"]
    assert (read.problems, read.remarks) == ([], [])
    assert read.clock is not None


def test_the_files_of_another_site_are_left() -> None:
    others = {f"https://other.example/{n}.xml": urlset(f"/{n}/") for n in range(9)}
    read = sitemaps(
        {"/index.xml": index(*others, f"{HOME}own.xml"), "/own.xml": urlset("/a/")} | others
    )
    assert walked(read.walk()) == [f"{HOME}a/"]
    assert read.files == 5
    assert read.remarks[-1] == "the other sitemaps at other.example were left"


def test_more_files_than_are_read_are_told() -> None:
    files = {f"/{n}.xml": urlset(f"/report-{n}/") for n in range(600)}
    named = index(*(f"{HOME.rstrip('/')}{path}" for path in files))
    assert len(walked(sitemaps({"/index.xml": named} | files).walk())) == 600


def test_files_that_are_not_there_end_a_walk() -> None:
    own = {"/own.xml": urlset("/a/")}
    named = index(f"{HOME}own.xml", *(f"{HOME}gone-{n}.xml" for n in range(400)))
    read = sitemaps({"/index.xml": named} | own, guesses=())
    assert walked(read.walk()) == [f"{HOME}a/"]
    assert "8 sitemaps in a row could not be read; the rest was left" in read.problems


def test_files_that_name_nothing_new_end_a_walk() -> None:
    files = {f"/{n}.xml": urlset("/a/", "/b/") for n in range(400)}
    named = index(*(f"{HOME.rstrip('/')}{path}" for path in files))
    read = sitemaps({"/index.xml": named} | files, guesses=())
    assert {*walked(read.walk())} == {f"{HOME}a/", f"{HOME}b/"}
    assert read.files < 210
    assert read.problems == [
        "200 sitemaps in a row name no article that others do not name; the rest was left"
    ]


@pytest.mark.parametrize("attribute", ["a{}=1", "a{}='>'"])
def test_a_list_with_a_tag_of_very_many_attributes_is_not_read(attribute: str) -> None:
    """lxml's time for one tag grows with the square of its attributes: this one takes a minute."""
    laden = f"<p {' '.join(map(attribute.format, range(60_000)))}>".encode()

    def instead(target: str) -> Document | None:
        page = Router(site(5)).document(Request(f"GET {target} HTTP/1.1\r\n\r\n".encode()))
        return Document(page.body.replace(b"<main", laden + b"<main"), page.status)

    begun = time.monotonic()
    lists = ArchivePages(HOME, Desk(site(5), instead), HOME)
    assert walked(lists.walk()) == []
    assert time.monotonic() - begun < 20
    assert lists.problems[0] == f"{HOME} has a tag with more than 1000 attributes and was not read"


def test_what_cannot_be_asked_for_is_told_and_costs_nothing_else() -> None:
    read = sitemaps(
        {"/index.xml": urlset("/a/", "http://[x/", "http://khabar.example:99999/", "/b/")}
    )
    assert walked(read.walk()) == [f"{HOME}a/", f"{HOME}b/"]
    assert read.problems == []
    [remark] = read.remarks
    assert remark == f"{HOME}index.xml names what is no address: http://[x/ (bad host) and 1 more"


def test_another_edition_below_the_site_s_name_is_told() -> None:
    english = "https://en.khabar.example/a/"
    read = sitemaps({"/index.xml": urlset("/a/", english, "https://other.example/b/")})
    assert walked(read.walk()) == [f"{HOME}a/"]
    [remark] = read.remarks
    assert 'url = "https://en.khabar.example/"' in remark


def test_a_named_file_that_is_none_is_told_and_a_guessed_one_is_not() -> None:
    page = Document(b"<html><body><h1>404</h1></body></html>")
    named = sitemaps({"/index.xml": page})
    assert (walked(named.walk()), named.problems) == ([], [f"{HOME}index.xml is no sitemap"])
    guessed = Sitemaps(HOME, [], Desk(site(1, sitemap="none"), lambda target: page))
    assert (walked(guessed.walk()), guessed.problems, guessed.remarks) == ([], [], [])
