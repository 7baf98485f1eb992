"""Nights by feed and by lists alone: magazines, two calendars, gaps, late posts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.sister import sisters

CLOSED = "rest_login_required"
POSTS = 34
LISTED = POSTS + 1


def answer(body: bytes) -> Mood:
    return lambda request, document: Document(body).answer()


def options(feed: bool = False, **more: object) -> Options:
    return Options(rest=CLOSED, sitemap="none", feed=feed, **more)  # type: ignore[arg-type]


MAGAZINES = {
    "years": options(front="magazine"),
    "jalali": options(front="magazine", calendar="jalali"),
    "categories": options(front="magazine", archives=False),
}


@pytest.mark.parametrize(
    "said", [MAGAZINES["jalali"], *sisters(MAGAZINES["years"], MAGAZINES["categories"])]
)
def test_a_front_page_that_lists_little_does_not_end_the_search(
    said: Options, tmp_path: Path
) -> None:
    with Newsroom(Site(POSTS, options=said)) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["coverage"]["source"]) == (LISTED, "lists")
        assert len(nights.baygan("export").lines) == LISTED
        new = room.site.add(published=room.site.posts[-1].published)
        night = nights()
        assert (night["new"], len(nights.versions(new.id))) == (1, 1)
        # robots.txt, the front page, and the newest page or two of each list.
        assert len(nights.asked) <= (6 if said.archives else 20), nights.asked


def test_two_calendars_make_one_article(tmp_path: Path) -> None:
    site = Site(12, options=Options(calendar="jalali"))
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["new"] == 13
        site.options.calendar = "gregorian"
        site.options.rest = CLOSED
        site.touch()
        night = nights(code=3)
        assert (night["new"], night["changed"], night["gone"]) == (0, 0, 0)
        assert len(nights.baygan("export").lines) == 13


@pytest.mark.parametrize("feed", [True, False], ids=["feed", "lists"])
def test_a_page_that_failed_leaves_no_gap(feed: bool, tmp_path: Path) -> None:
    with Newsroom(Site(POSTS, options=options(feed=feed))) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["new"] == LISTED
        for _ in range(25):
            room.site.add()

        def second(request: Request) -> bool:
            return request.query.get("paged") == "2" or request.path == "/page/2/"

        room.be("500", second)
        night = nights(code=3)
        assert 0 < night["new"] < 25
        room.be("calm")
        assert nights()["new"] == 25 - night["new"]


def test_a_feed_that_fails_does_not_send_us_through_the_lists(tmp_path: Path) -> None:
    with Newsroom(Site(POSTS, options=options(feed=True))) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        room.be("500", "/feed/*")
        night = nights(code=1)
        assert (night["verdict"], len(nights.asked)) == ("failed", 4), nights.asked
        room.be("calm")
        night = nights()
        assert (night["verdict"], nights.fetched) == ("unprovable", 0)


def test_a_bad_page_does_not_undo_an_article(tmp_path: Path) -> None:
    with Newsroom(Site(12, options=options(feed=True))) as room:
        site = room.site
        posts = [site.add(published=site.now() - timedelta(minutes=n)) for n in range(3)]
        nights = Nights(room, tmp_path / "archive")
        nights()
        shut, led_home = (unquote(post.path) for post in posts[:2])
        room.be(answer(b"<html><body><h1>Back soon</h1></body></html>"), shut)
        room.be(lambda request, document: Document.redirect("/").answer(), led_home)
        nights.forward(days=1)
        assert nights(code=3)["coverage"]["failed"] == {"redirected": 1}
        room.be("calm", shut)
        site.edit(posts[0].id, title="تیتری که پس از تعمیر عوض شد")
        nights.forward(hours=23)
        assert nights()["changed"] == 1
        [gone] = nights.ledger
        assert (gone["post_id"], gone["kind"]) == (posts[1].id, "redirected")


def test_young_articles_are_looked_at_again_and_what_is_gone_is_entered(tmp_path: Path) -> None:
    with Newsroom(Site(12, options=options(feed=True))) as room:
        site = room.site
        posts = [site.add(published=site.now() - timedelta(hours=2)) for _ in range(3)]
        nights = Nights(room, tmp_path / "archive")
        nights()
        site.edit(posts[0].id, title="تیتری که ساعتی بعد عوض شد")
        site.unpublish(posts[1].id)
        nights.forward(days=1)
        night = nights(code=3)
        assert (night["changed"], night["gone"], nights.fetched) == (1, 1, 3)
        assert nights.ledger == []
        nights.forward(days=1)
        nights()
        assert [entry["post_id"] for entry in nights.ledger] == [posts[1].id]
        nights.forward(days=1)
        nights()
        assert nights.ledger[0]["confirmed"]


def test_listed_addresses_that_lead_on_are_followed(tmp_path: Path) -> None:
    site = Site(8, options=Options(rest=CLOSED))
    with Newsroom(site) as room:
        listed = room.router.document(Request(b"GET /wp-sitemap-posts-post-1.xml HTTP/1.1\r\n\r\n"))
        bare = listed.body.replace(b"/</loc>", b"</loc>")
        room.be(answer(bare), "/wp-sitemap-posts-post-1.xml")
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["failed"]) == (9, 0)
        assert (nights()["new"], nights.fetched) == (0, 0)
