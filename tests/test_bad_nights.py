"""A bad night is bounded: it ends with its time, and a normal one mends what it left."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest

from archive.writer.site_writer import SiteWriter
from scraper.download.recording import Recording
from spiders.rest.api import RestApi
from spiders.rest.listing import walk_budget
from spiders.rest.listing.partial_listing import RestClosed
from spiders.rest.post_type import POST
from spiders.wordpress import LISTING_SECONDS, WordPressSpider
from tests.archive.material import site_folder
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.rest_desk import desk
from tests.sister import sisters

LISTING = "/wp-json/wp/v2/posts*"


def inventing(site: Site, total: int | None) -> Mood:
    """A listing that has a hundred new posts on every page, whichever is asked for."""
    numbers = iter(range(700_000, 10**9))

    def mood(request: Request, document: Document) -> Answer:
        posts = [
            {"id": n, "type": "post", "link": f"{site.home}/2026/khabar-{n}/", "title": {}}
            for _, n in zip(range(100), numbers, strict=False)
        ]
        headers = () if total is None else (("X-WP-Total", str(total)),)
        return Answer.page(
            json.dumps(posts).encode(), content_type="application/json", headers=headers
        )

    return mood


@pytest.mark.parametrize("known", [*sisters(False), True])
def test_an_endless_listing_ends_with_the_time_and_the_next_night_is_whole(
    tmp_path: Path, known: bool
) -> None:
    with Newsroom(Site(7)) as room:
        nights = Nights(room, tmp_path / "archive")
        if known:
            assert nights()["verdict"] == "complete"
        room.be(inventing(room.site, 10**12), LISTING)
        begun = time.monotonic()
        bad = nights("--stop-after", "1s", code=None)
        assert time.monotonic() - begun < 45
        assert bad["verdict"] == "incomplete"
        assert "the time was over before all of the site's listings were read" in bad["notes"][0]
        room.be("calm")
        nights.forward(hours=1)
        good = nights(code=None)
        assert (good["verdict"], good["coverage"]["due"]) == ("complete", 0)
        assert good["coverage"]["kept"] == len(room.site.listed())
        # What was invented was not even asked for.
        assert nights.fetched <= len(room.site.listed())
        assert nights.baygan("check").code == 0


def test_a_walk_without_an_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk_budget, "MOST_UNCOUNTED", 1_000)

    async def walk(rest: RestApi) -> None:
        async for _ in rest.walk(POST):
            pass

    for total in (None, 40):
        site = Site(3)
        rest, asked = desk(site, inventing(site, total))
        with pytest.raises(RestClosed, match="lists 1100 posts and goes on"):
            asyncio.run(walk(rest))
        assert len(asked) < 100


def test_pages_that_a_sitemap_invents_end_the_night_and_are_forgotten(tmp_path: Path) -> None:
    site = Site(6, options=Options("rest_login_required"))
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["new"] == 7
        made_up = "".join(f"<url><loc>{room.url}2026/sakhte-{n}/</loc></url>" for n in range(900))
        body = f"<urlset>{made_up}</urlset>".encode()
        room.be(
            lambda request, document: Document(body, content_type="text/xml").answer(),
            "/wp-sitemap-posts-post-1.xml",
        )
        nights.forward(days=8)
        bad = nights(code=None)
        [told] = [problem for problem in bad["problems"] if "are not there" in problem]
        assert told.startswith("100 pages in a row that the site lists")
        assert nights.fetched < 200
        room.be("calm")
        nights.forward(days=8)
        good = nights(code=None)
        assert (good["coverage"]["due"], good["coverage"]["kept"]) == (0, 7)
        assert good["problems"] == []


def test_a_percent_sign_that_begins_no_escape_is_escaped_in_the_warc(tmp_path: Path) -> None:
    with Newsroom(Site(3)) as room:
        nights = Nights(room, tmp_path / "archive")
        odd = {"id": 9, "type": "post", "link": f"{room.url}2026/100%-drost/", "title": {}}

        def mood(request: Request, document: Document) -> Answer:
            posts = [odd, *json.loads(document.body)]
            return Answer.page(json.dumps(posts).encode(), content_type="application/json")

        room.be(mood, LISTING)
        assert nights(code=None)["new"] == 4
        assert nights.baygan("check").code == 0


def test_a_304_that_nobody_asked_for_keeps_nothing(tmp_path: Path) -> None:
    with Newsroom(Site(4)) as room:
        nights = Nights(room, tmp_path / "archive")
        odd = room.posts[1]
        room.be(lambda request, document: Answer.page(b"", status="304 Not Modified"), odd.path)
        bad = nights(code=None)
        assert (bad["new"], bad["verdict"]) == (4, "incomplete")
        assert bad["coverage"]["failed"] == {"http-304": 1}
        room.be("calm")
        assert nights(code=None)["new"] == 1


def test_many_chunks_of_one_byte_are_no_page() -> None:
    recording = Recording("127.0.0.1", 80, limit=1 << 30, headed=True)
    recording.take(b"HTTP/1.1 200 OK\r\n\r\n" + b"1\r\na\r\n" * 40_000)
    assert recording.room() > 0
    recording.take(b"1\r\na\r\n" * 20_000)
    assert recording.room() == 0


def test_listings_that_took_a_whole_run_have_half_of_the_next(tmp_path: Path) -> None:
    with SiteWriter(site_folder(tmp_path / "archive")) as writer:
        for stopped, share in ((False, 1.0), (True, 0.5)):
            writer.index.crawl_state.discovery_stopped = stopped
            spider = WordPressSpider(writer=writer, stop_after=1000)
            assert spider.stop_at and spider.list_until
            assert spider.stop_at - spider.list_until == pytest.approx(1000 * (1 - share))
        spider = WordPressSpider(writer=writer, stop_after=0)
        assert spider.stop_at and spider.list_until
        assert spider.list_until - spider.stop_at == pytest.approx(LISTING_SECONDS)
