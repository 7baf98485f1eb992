"""What a site does not list any more: how it went, who says so, and when that is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from archive.warc.reader import read_record
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights, after_the_first
from tests.sister import sisters

POSTS = 30


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The second night is next: the newsroom's posts are all in the archive."""
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        nights.forward(days=1)
        yield nights


def home(request: Request, document: Document) -> Answer:
    """A mood: the address leads to the front page, as some plugins have it."""
    return Document.redirect("/").answer()


def sent_home_for_now(request: Request, document: Document) -> Answer:
    """A mood: the same with a redirect that is not to last."""
    return Document.redirect("/", "302 Found").answer()


def refused(request: Request, document: Document) -> Answer:
    """A mood: a security plugin has taken this route away."""
    body = b'{"code":"rest_no_route","message":"","data":{"status":404}}'
    return Document(body, "404 Not Found", "application/json").answer()


def test_each_way_of_going_has_its_kind_and_its_evidence(nights: Nights) -> None:
    erased, trashed, private, sent_away = nights.room.posts[1:9:2]
    nights.room.site.remove(erased.id)
    nights.room.site.unpublish(trashed.id)
    nights.room.site.unpublish(private.id, "private")
    nights.room.site.remove(sent_away.id)
    nights.room.be(home, sent_away.path)
    night = nights()
    assert (night["gone"], night["coverage"]["missing"], night["verdict"]) == (4, 4, "complete")
    # robots.txt, the newest, whether the list goes on behind its count, and two for each.
    assert len(nights.asked) == 3 + 2 * 4
    kinds = {entry["post_id"]: entry["kind"] for entry in nights.ledger}
    assert kinds == {
        erased.id: "erased",
        trashed.id: "unpublished",
        private.id: "unpublished",
        sent_away.id: "redirected",
    }
    for entry in nights.ledger:
        assert entry["confirmed"] is None and entry["returned"] is None
        assert entry["last_seen"] < entry["first_missed"]
        record = read_record(nights.baygan.folder / "news", entry["evidence"])
        told = record.block if entry["kind"] == "redirected" else record.page()
        assert (b"301" if entry["kind"] == "redirected" else b"rest_") in told
    assert nights.baygan("show", f"news/post/{erased.id}").code == 0


def test_a_removal_is_confirmed_by_a_second_night_a_day_later(nights: Nights) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights()
    for hours, confirmed in ((10, False), (13, False), (2, True), (24, True)):
        nights.forward(hours=hours)
        assert nights()["gone"] == 0
        assert len(nights.asked) <= 4
        [entry] = nights.ledger
        assert bool(entry["confirmed"]) == confirmed
    assert len((nights.baygan.folder / "news" / "removals.jsonl").read_text().splitlines()) == 2
    told = nights.baygan("status", "--removed").out
    assert "erased" in told and "confirmed" in told and entry["url"] in told


def test_a_post_that_comes_back_is_noted(nights: Nights) -> None:
    post = nights.room.posts[4]
    nights.room.site.unpublish(post.id)
    assert nights()["coverage"]["missing"] == 1
    nights.room.site.edit(post.id, status="publish")
    night = nights()
    assert (night["coverage"]["missing"], night["new"], night["verdict"]) == (0, 0, "complete")
    [entry] = nights.ledger
    assert entry["returned"] and not entry["confirmed"]
    assert nights.baygan("status", "--removed").out == ""
    nights.forward(days=2)
    nights.room.site.unpublish(post.id)
    nights()
    [entry] = nights.ledger
    assert entry["returned"] is None


def test_the_ledger_outlives_the_index(nights: Nights) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights()
    for path in (nights.baygan.folder / "news").glob("index.db*"):
        path.unlink()
    nights.forward(days=2)
    night = nights()
    assert (night["gone"], night["coverage"]["missing"], night["verdict"]) == (0, 1, "complete")
    assert nights.fetched == 0
    [entry] = nights.ledger
    assert entry["confirmed"]


@pytest.mark.parametrize(
    "mood", ["500", "challenge", "empty", *sisters("cloudflare", "geo-block", "cut")]
)
def test_a_bad_night_removes_nothing(nights: Nights, mood: str) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights.room.be(mood, "/wp-json/*")
    nights(code=3)
    assert nights.ledger == []
    nights.room.be("calm")
    night = nights()
    assert (night["gone"], night["verdict"]) == (1, "complete")
    assert nights.fetched == 1  # the address of the one that went


def test_a_bad_night_confirms_nothing(nights: Nights) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights()
    nights.forward(days=2)
    nights.room.be("challenge", "/wp-json/*")
    nights(code=3)
    assert nights.ledger[0]["confirmed"] is None
    nights.room.be("calm")
    nights()
    assert nights.ledger[0]["confirmed"]


def test_an_answer_that_tells_nothing_is_no_evidence(nights: Nights) -> None:
    post = nights.room.posts[1]
    nights.room.site.remove(post.id)
    nights.room.be("500", f"/wp-json/wp/v2/posts/{post.id}")
    # The equation does not balance, which is never silent.
    night = nights(code=3)
    assert (night["gone"], night["verdict"], nights.ledger) == (0, "incomplete", [])
    assert "the site counts" in night["problems"][0]
    assert nights()["problems"] == night["problems"]
    nights.room.be("calm")
    assert nights()["gone"] == 1


def test_a_total_that_collapsed_is_believed_when_it_stays(nights: Nights) -> None:
    for post in nights.room.posts[:12]:
        nights.room.site.unpublish(post.id)
    night = nights(code=3)
    assert (night["gone"], nights.ledger) == (0, [])
    assert "too many for one run" in night["problems"][0]
    nights.forward(days=6)
    # It stands still, so it is no news.
    night = nights()
    assert night["gone"] == 0 and "too many for one run" in night["problems"][0]
    nights.forward(days=2)
    night = nights()
    assert (night["gone"], night["verdict"]) == (12, "complete")


def test_a_night_on_which_many_sites_fail_confirms_nothing(nights: Nights, tmp_path: Path) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights()
    with Newsroom(Site(3)) as other:
        with (nights.baygan.folder / "sites.toml").open("a") as settings:
            settings.write(f'[sites.other]\nurl = "{other.url}"\nallow_private = true\ndelay = 0\n')
        assert nights.baygan("crawl", "other").code == 0
    nights.forward(days=2)
    assert nights.baygan("crawl").code == 3
    assert nights.ledger[0]["confirmed"] is None
    # The other site is down for good: that says nothing of this one, and is no news any more.
    assert nights.baygan("crawl").code == 0
    assert nights.ledger[0]["confirmed"]


def test_a_torn_ledger_is_mended(nights: Nights) -> None:
    nights.room.site.remove(nights.room.posts[1].id)
    nights()
    path = nights.baygan.folder / "news" / "removals.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id": "news/post/9", "kind": "era')
    nights()
    assert path.read_bytes() == whole
    path.write_bytes(b'{"id": "news/post/9"}\n' + whole)
    told = nights.baygan("status", "--removed")
    assert told.code == 4 and "line 1" in told.err
    assert json.loads(whole)["kind"] == "erased"


def test_where_rest_shows_no_single_post_its_page_tells(nights: Nights) -> None:
    erased, moved, there = nights.room.posts[1:6:2]
    for post in (erased, moved):
        nights.room.site.remove(post.id)
    nights.room.site.options.unlisted = (there.id,)
    nights.room.be(refused, "/wp-json/wp/v2/posts/*")
    nights.room.be(sent_home_for_now, moved.path)
    night = nights(code=3)
    assert (night["gone"], night["verdict"]) == (2, "incomplete")
    kinds = {entry["post_id"]: entry["kind"] for entry in nights.ledger}
    assert kinds == {erased.id: "unpublished", moved.id: "redirected"}
    for entry in nights.ledger:
        told = read_record(nights.baygan.folder / "news", entry["evidence"]).block
        assert told.startswith((b"HTTP/1.1 404", b"HTTP/1.1 302"))


@pytest.mark.parametrize("mood", ["cloudflare", *sisters("robots", "empty")])
def test_one_post_that_cannot_be_asked_about_does_not_close_rest(nights: Nights, mood: str) -> None:
    room, post = nights.room, nights.room.posts[1]
    room.site.remove(post.id)
    room.site.add()
    if mood == "robots":
        room.site.options.robots = ("Disallow: /wp-json/wp/v2/posts/",)
        night = nights()
        assert (night["gone"], nights.ledger[0]["kind"]) == (1, "unpublished")
    else:
        room.be(mood, "/wp-json/wp/v2/posts/*")
        night = nights(code=3)
        assert "the site counts" in night["problems"][0] and nights.ledger == []
    assert (night["new"], night["coverage"]["source"]) == (1, "rest")


def test_where_an_old_address_leads_is_read_in_persian_letters(nights: Nights) -> None:
    post = nights.room.posts[1]
    nights.room.site.unpublish(post.id)
    # WordPress guessed a post whose slug begins alike; a web server wrote its address unescaped.
    guessed = f"{unquote(post.path).rstrip('/')}-2/"
    nights.room.be(lambda request, document: Document.redirect(guessed).answer(), post.path)
    assert nights()["gone"] == 1
    assert [entry["kind"] for entry in nights.ledger] == ["unpublished"]
