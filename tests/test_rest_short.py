"""Sites whose REST API is open and does not list what it should."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, challenge
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.rest_desk import desk
from tests.test_rest_walk import walked

POSTS = "/wp-json/wp/v2/posts"
WAF = Document(b"<html><head><title>Not Acceptable!</title></head></html>", "406 Not Acceptable")
ORDER = Document(
    b'{"code":"rest_invalid_param","message":"","data":{"status":400,"params":{"orderby":""}}}',
    "400 Bad Request",
    "application/json",
)


@pytest.mark.parametrize("refusal", [WAF, ORDER], ids=["firewall", "order"])
def test_a_refusal_for_good_is_no_alarm_and_asked_for_no_more(
    refusal: Document, tmp_path: Path
) -> None:
    with Newsroom(Site(12)) as room:
        room.be(lambda request, document: refusal.answer(), POSTS)
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["coverage"]["source"]) == (13, "sitemap")
        # With the text of the posts, and without.
        assert (night["problems"], nights.asked.count(POSTS)) == ([], 2)
        assert nights()["problems"] == [] and POSTS not in nights.asked


def test_a_check_of_the_browser_in_between_does_not_hide_rest(tmp_path: Path) -> None:
    with Newsroom(Site(24, options=Options(per_page=10, over="cap"))) as room:
        room.be(challenge(), lambda request: request.query.get("page") == "2", times=1)
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["verdict"], night["problems"]) == (25, "complete", [])


def test_where_rest_alone_is_behind_a_check_the_sitemaps_are_read(tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        room.be("cloudflare", "/wp-json/*")
        room.be("cloudflare", lambda request: "rest_route" in request.query)
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["coverage"]["source"]) == (13, "sitemap")


@pytest.mark.parametrize("listed", [0, 1])
def test_articles_that_rest_does_not_show_are_found_every_night(
    listed: int, tmp_path: Path
) -> None:
    with Newsroom(Site(12)) as room:
        site = room.site
        site.options.unlisted = tuple(post.id for post in site.listed()[listed:])
        room.be(lambda request, document: Document(b"").answer(), "/robots.txt")
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["problems"]) == (13, [])
        new = site.add()
        site.options.unlisted += (new.id,)
        nights.forward(days=1)
        assert (nights()["new"], nights.fetched) == (1, 1)


@pytest.mark.parametrize("sitemap", ["core", "none"])
def test_links_to_another_host_alone_are_told_or_made_good(sitemap: Any, tmp_path: Path) -> None:
    with Newsroom(Site(12, options=Options(sitemap=sitemap))) as room:
        room.be(lambda request, document: Document(b"").answer(), "/robots.txt")
        room.be(staged(room.url), POSTS)
        nights = Nights(room, tmp_path / "archive")
        if sitemap == "core":
            assert (nights()["new"], nights()["problems"]) == (13, [])
            return
        told = nights(code=3)["problems"]
        assert told[0].startswith("all that the site lists is on another host: staging.example.")
        assert nights()["problems"] == told


def staged(home: str) -> Mood:
    """A mood: the links are those of the place where the site was made."""
    written = home.rstrip("/").replace("/", "\\/").encode()

    def mood(request: Request, document: Document) -> Answer:
        body = document.body.replace(written, b"http:\\/\\/staging.example")
        return replace(document, content=body, is_packed=False).answer()

    return mood


def test_sitemaps_that_are_nowhere_are_looked_for_once_a_week(tmp_path: Path) -> None:
    with Newsroom(Site(12, options=Options(sitemap="none"))) as room:
        room.be("counted", POSTS)
        nights = Nights(room, tmp_path / "archive")
        assert nights()["verdict"] == "unprovable"
        assert sum("sitemap" in path for path in nights.asked) == 5
        nights()
        assert not any("sitemap" in path for path in nights.asked)


def without(parameter: str, router: Router) -> Mood:
    """A mood: something takes this parameter out of each address, or the site does not know it."""

    def mood(request: Request, document: Document) -> Answer:
        query = urlencode({name: told for name, told in request.query.items() if name != parameter})
        asked = Request(f"GET {request.path}?{query} HTTP/1.1\r\n\r\n".encode())
        return router.document(asked).answer()

    return mood


def test_where_places_do_not_count_whole_pages_are_read() -> None:
    site = Site(349)
    rest, asked = desk(site, without("offset", Router(site)))
    assert asyncio.run(walked(rest)) == [post.id for post in site.listed()]
    assert len(asked) <= 6


def test_a_site_that_does_not_know_modified_after_is_not_listed_whole(tmp_path: Path) -> None:
    with Newsroom(Site(69, options=Options(per_page=10, over="cap"))) as room:
        room.be(without("modified_after", room.router), POSTS)
        nights = Nights(room, tmp_path / "archive")
        assert nights()["new"] == 70
        nights.forward(days=1)
        edited = room.site.edit(room.posts[30].id, title="تیتری که پس از انتشار کامل شد")
        night = nights()
        assert (night["changed"], night["verdict"]) == (1, "complete")
        assert len(nights.versions(edited.id)) == 2
        # The newest, a page of all, those modified last, those published since; not all eight.
        assert nights.asked.count(POSTS) == 4
