"""Nights by sitemaps of which one file is missing or fails, and nights on which much is listed no
more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options
from tests.sister import sisters
from tests.test_discovery_sitemap import visited

INDEX = "/sitemap_index.xml"


def naming(room: Newsroom, *paths: str) -> Mood:
    """A mood of the index: it names further files."""
    base = room.url.rstrip("/")
    named = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)

    def mood(request: Request, document: Document) -> Answer:
        body = document.body.replace(b"</sitemapindex>", f"{named}</sitemapindex>".encode())
        return replace(document, content=body, is_packed=False).answer()

    return mood


@pytest.mark.parametrize(
    "page", [None, *sisters("<html><body>خطا</body></html>")], ids=["gone", "a page"]
)
def test_a_file_that_is_none_hides_no_change(page: str | None, tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast")) as nights:
        room = nights.room
        room.be(naming(room, "/report-sitemap.xml"), INDEX)
        if page:
            room.be(
                lambda request, document: Document(page.encode()).answer(), "/report-sitemap.xml"
            )
        night = nights(code=3)
        assert "/report-sitemap.xml" in night["problems"][0]
        edited, removed = room.posts[3:5]
        room.site.edit(edited.id, title="تیتری که پس از انتشار کامل شد")
        room.site.remove(removed.id)
        nights.forward(days=1)
        night = nights()
        assert (night["changed"], night["gone"]) == (1, 1)
        nights.forward(days=1)
        night = nights()
        # The second look at the post that is gone.
        assert (night["changed"], nights.fetched) == (0, 1)
        # While something is wrong with a site, nothing is confirmed.
        assert bool(nights.ledger[0]["confirmed"]) == (page is None)


def test_a_file_that_fails_hides_only_what_it_lists(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast", sitemap_size=20), young=9) as nights:
        room = nights.room
        nights.forward(days=8)
        listed = sorted(room.site.listed(), key=lambda post: post.modified)
        removed, edited = listed[3], listed[25]
        room.site.remove(removed.id)
        room.be("500", "/post-sitemap3.xml")
        # It moves into the file that fails.
        room.site.edit(edited.id, title="تیتری که پس از انتشار کامل شد")
        night = nights(code=3)
        assert (night["gone"], night["changed"]) == (1, 1)
        room.be("calm")
        nights.forward(days=1)
        night = nights()
        assert (night["gone"], night["changed"]) == (0, 0)
        assert [entry["post_id"] for entry in nights.ledger] == [removed.id]


def test_who_is_gone_is_asked_again_if_the_page_failed(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast")) as nights:
        post = nights.room.posts[3]
        nights.room.site.remove(post.id)
        nights.room.be("500", post.path)
        nights.forward(days=1)
        assert (nights()["gone"], nights.ledger) == (0, [])
        nights.room.be("calm")
        nights.forward(days=1)
        assert (nights()["gone"], nights.ledger[0]["kind"]) == (1, "unpublished")
        nights.forward(hours=1)
        nights()
        assert nights.fetched == 0


def test_all_addresses_are_other_ones_and_the_posts_are_known_there(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast")) as nights:
        site = nights.room.site
        for post in site.listed():
            site.edit(post.id, slug=f"report-{post.id}", silent=True)
        nights.forward(days=1)
        night = nights(code=3)
        assert "too many for one run" in night["problems"][0]
        assert (night["new"], night["coverage"]["refused"]) == (0, {})
        edited = site.edit(nights.room.posts[5].id, title="تیتری که پس از انتشار کامل شد")
        nights.forward(days=1)
        night = nights()
        assert (night["problems"], night["changed"], nights.fetched) == ([], 1, 1)
        assert len(nights.versions(edited.id)) == 2
        assert nights.baygan("show", site.url(nights.room.posts[7])).code == 0
        assert nights.ledger == []


def test_what_stays_unlisted_for_a_week_is_believed(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast")) as nights:
        site = nights.room.site
        for post in nights.room.posts[:20]:
            site.remove(post.id)
        night = nights(code=3)
        assert "if it stays like this for a week" in night["problems"][0]
        site.edit(nights.room.posts[5].id, title="تیتری که پس از انتشار کامل شد")
        nights.forward(days=1)
        night = nights()
        assert (night["gone"], night["changed"], nights.fetched) == (0, 1, 1)
        nights.forward(days=1)
        assert (nights()["gone"], nights.fetched) == (0, 0)
        nights.forward(days=6)
        night = nights()
        assert (night["gone"], nights.fetched, night["problems"]) == (20, 20, [])
