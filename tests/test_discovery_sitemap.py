"""Nights by sitemaps alone: what is new, edited, renamed or gone, and what that costs."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from spiders.sources.sitemap_file import NotASitemap, parse
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights

CLOSED = "rest_login_required"
POSTS = 40


@contextmanager
def visited(folder: Path, options: Options, young: int = 0) -> Iterator[Nights]:
    """The second night is next. The newsroom's posts are over a year old, `young` ones an hour."""
    options.rest = CLOSED
    with Newsroom(Site(POSTS, options=options)) as room:
        site = room.site
        for _ in range(young):
            site.add(published=site.now() - timedelta(hours=1))
        nights = Nights(room, folder / "archive")
        assert nights()["new"] == POSTS + 1 + young
        yield nights


def answer(body: bytes, content_type: str = "text/xml") -> Mood:
    return lambda request, document: Document(body, content_type=content_type).answer()


def test_lastmod_that_can_be_trusted_tells_of_edits(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="yoast"), young=3) as nights:
        site = nights.room.site
        nights.forward(days=1)
        assert (nights()["changed"], nights.fetched) == (0, 0)
        post = site.edit(nights.room.posts[5].id, title="تیتری که پس از انتشار کامل شد")
        new = site.add()
        nights.forward(days=1)
        night = nights()
        assert (night["new"], night["changed"], nights.fetched) == (1, 1, 2)
        assert len(nights.versions(post.id)) == 2
        assert len(nights.versions(new.id)) == 1
        assert (nights()["changed"], nights.fetched) == (0, 0)
        assert len(nights.asked) <= 4


@pytest.mark.parametrize("sitemap", ["core", "yoast"])
def test_what_the_sitemaps_list_no_more_is_asked_and_entered(sitemap: str, tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap=sitemap)) as nights:  # type: ignore[arg-type]
        site = nights.room.site
        erased, trashed, renamed = nights.room.posts[3:6]
        site.remove(erased.id)
        site.unpublish(trashed.id)
        site.edit(renamed.id, slug="a-new-name", silent=True)
        nights.forward(days=1)
        night = nights()
        assert (night["gone"], night["new"], night["changed"]) == (2, 0, 0)
        # Two that are gone, the old address of the renamed one, and its new one.
        assert nights.fetched == 4
        assert {entry["post_id"] for entry in nights.ledger} == {erased.id, trashed.id}
        assert [entry["confirmed"] for entry in nights.ledger] == [None, None]
        nights.forward(days=1)
        night = nights()
        assert (night["gone"], nights.fetched) == (0, 2)
        assert all(entry["confirmed"] for entry in nights.ledger)
        site.edit(trashed.id, status="publish", silent=True)
        nights.forward(days=1)
        assert nights()["coverage"]["missing"] == 1
        assert len(nights.versions(renamed.id)) == 1


def test_a_page_that_says_it_is_not_there_is_believed_whatever_its_status(tmp_path: Path) -> None:
    with visited(tmp_path, Options()) as nights:
        room = nights.room
        with_200, for_now, renamed = room.posts[3:6]
        for post in (with_200, for_now):
            room.site.remove(post.id)
        room.be(
            lambda request, document: replace(document, status="200 OK").answer(), with_200.path
        )
        room.be(
            lambda request, document: Document.redirect("/", "302 Found").answer(), for_now.path
        )
        new = room.site.edit(renamed.id, slug=quote("نامی-دیگر"), silent=True)
        # A web server wrote the new address as it is read, and not escaped.
        led = Document.redirect(unquote(new.path))
        room.be(lambda request, document: led.answer(), renamed.path)
        nights.forward(days=1)
        night = nights()
        assert (night["gone"], night["new"], nights.fetched) == (2, 0, 4)
        kinds = {entry["post_id"]: entry["kind"] for entry in nights.ledger}
        assert kinds == {with_200.id: "unpublished", for_now.id: "redirected"}
        assert nights.baygan("show", room.site.url(new)).code == 0


def test_sitemaps_that_lose_half_are_not_believed(tmp_path: Path) -> None:
    with visited(tmp_path, Options()) as nights:
        for post in nights.room.posts[:20]:
            nights.room.site.unpublish(post.id)
        night = nights(code=3)
        assert (night["gone"], nights.fetched) == (0, 0)
        assert "too many for one run" in night["problems"][0]
        for post in list(nights.room.site.hidden):
            if post.status == "trash":
                nights.room.site.edit(post.id, status="publish", silent=True)
        assert (nights()["new"], nights.fetched) == (0, 0)


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(sitemap="yoast", lastmod="future"),
        pytest.param(Options(sitemap="yoast", lastmod="garbage"), marks=pytest.mark.sister),
        pytest.param(Options(sitemap="yoast", lastmod="same"), marks=pytest.mark.sister),
    ],
    ids=["none", "future", "garbage", "same"],
)
def test_without_a_lastmod_to_trust_young_articles_are_looked_at_again(
    options: Options, tmp_path: Path
) -> None:
    with visited(tmp_path, options, young=6) as nights:
        young = nights.room.posts[-1]
        nights.room.site.edit(young.id, title="تیتری که سردبیر درست کرد")
        nights.forward(days=1)
        night = nights("--limit", "2")
        assert (nights.fetched, night["changed"]) == (2, 0)
        night = nights()
        assert (nights.fetched, night["changed"], night["new"]) == (4, 1, 0)
        assert nights()["requests"] == len(nights.asked) and nights.fetched == 0
        nights.forward(days=10)
        assert nights() and nights.fetched <= 3


def test_files_whose_lastmod_did_not_move_are_not_read_again(tmp_path: Path) -> None:
    with visited(tmp_path, Options(sitemap="rankmath", sitemap_size=10)) as nights:
        files = [path for path in nights.asked if path.startswith("/post-sitemap")]
        assert len(files) == 5
        nights()
        assert [path for path in nights.asked if "sitemap" in path] == [
            "/sitemap_index.xml",
            "/post-sitemap5.xml",
        ]
        nights.room.site.edit(nights.room.posts[12].id, title="تیتری که در میان فهرست بود")
        nights.room.site.remove(nights.room.posts[13].id)
        nights.forward(days=1)
        night = nights()
        assert (night["changed"], night["gone"]) == (1, 1)
        nights.forward(days=8)
        nights()
        assert sum(path.startswith("/post-sitemap") for path in nights.asked) == 4


def test_without_lastmod_in_the_index_the_last_file_is_read_and_all_once_a_week(
    tmp_path: Path,
) -> None:
    with visited(tmp_path, Options(sitemap_size=10)) as nights:
        for post in (nights.room.posts[3], nights.room.posts[-1]):
            nights.room.site.remove(post.id)
        nights.forward(days=1)
        assert nights()["gone"] == 0
        assert [path for path in nights.asked if "posts-post" in path] == [
            "/wp-sitemap-posts-post-4.xml"
        ]
        nights.room.site.add()
        nights.forward(days=1)
        assert nights()["new"] == 1
        nights.forward(days=6)
        assert nights()["gone"] == 2
        assert sum("posts-post" in path for path in nights.asked) == 4


def test_a_sitemap_that_is_cut_is_a_failure_and_removes_nothing(tmp_path: Path) -> None:
    with visited(tmp_path, Options()) as nights:
        whole = nights.room.router.document(Request(b"GET /wp-sitemap-posts-post-1.xml HTTP/1.1"))
        nights.room.be(answer(whole.body[: len(whole.body) // 2]), "/wp-sitemap-posts-post-1.xml")
        night = nights(code=3)
        assert "is cut or broken" in night["problems"][0]
        assert (night["gone"], nights.fetched) == (0, 0)
        nights.room.be("calm")
        assert (nights()["gone"], nights.fetched) == (0, 0)


TRUE = b'<?xml version="1.0"?><urlset><url><loc>https://khabar.example/a/</loc></url></urlset>'
LOCS = {
    "gzip": gzip.compress(TRUE),
    "bom": b"\xef\xbb\xbf" + TRUE,
    "blank": b"\n\n  " + TRUE + b"\n",
    "comment": TRUE + b"<!-- served from a cache -->",
    "cdata": TRUE.replace(b"https://khabar.example/a/", b"<![CDATA[ https://khabar.example/a/ ]]>"),
    "namespace": TRUE.replace(
        b"<urlset>", b'<urlset xmlns="http://www.google.com/schemas/s/0.84">'
    ),
}


@pytest.mark.parametrize("body", LOCS.values(), ids=LOCS)
def test_a_sitemap_is_read_by_what_it_contains(body: bytes) -> None:
    sitemap = parse(body)
    assert [entry.url for entry in sitemap.addresses] == ["https://khabar.example/a/"]
    assert sitemap.whole


@pytest.mark.parametrize("body", [b"", b"<html><body></body></html>", b"\x1f\x8bno gzip", b"{}"])
def test_what_is_no_sitemap_is_a_failure(body: bytes) -> None:
    with pytest.raises(NotASitemap):
        parse(body)


def test_entities_are_not_multiplied() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<!DOCTYPE u [<!ENTITY l0 "ha">{laughs}]><urlset><url><loc>&l9;</loc></url></urlset>'
    with suppress(NotASitemap):
        assert parse(body.encode()).addresses == []
