"""Night after night: what is new, edited, renamed, late or gone, and what that costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.newsroom.document import Document
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights, after_the_first

POSTS = 24


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The second night is next: the newsroom's posts are all in the archive."""
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        yield nights


def test_a_quiet_night_takes_four_requests(nights: Nights) -> None:
    night = nights()
    assert (night["new"], night["changed"], night["verdict"]) == (0, 0, "complete")
    assert len(nights.asked) <= 4 and nights.fetched == 0


def test_an_edit_becomes_a_second_version(nights: Nights) -> None:
    post = nights.room.posts[3]
    nights.room.site.edit(post.id, title="تیتری که سردبیر دوباره نوشت")
    night = nights()
    assert (night["new"], night["changed"], night["silent"]) == (0, 1, 0)
    assert nights.fetched == 1
    assert len(nights.versions(post.id)) == 2
    newest = nights.baygan("show", "--json", f"news/post/{post.id}").out
    assert json.loads(newest)["title"] == "تیتری که سردبیر دوباره نوشت"
    assert json.loads(newest)["version"] == 2
    assert len(nights.baygan("export").lines) == POSTS + 1
    assert nights()["changed"] == 0 and nights.fetched == 0


def test_a_save_without_another_word_is_no_version(nights: Nights) -> None:
    post = nights.room.posts[5]
    nights.room.site.edit(post.id, comments=post.comments)
    night = nights()
    assert (night["changed"], nights.fetched) == (0, 1)
    assert len(nights.versions(post.id)) == 1
    assert nights()["verdict"] == "complete" and nights.fetched == 0


@pytest.mark.parametrize("title", [None, "تیتری که کامل شد"], ids=["text", "title, too"])
def test_a_page_from_a_cache_hides_an_edit_for_one_night(nights: Nights, title: str | None) -> None:
    post = nights.room.posts[5]
    old = nights.room.router.document(Request(f"GET {post.path} HTTP/1.1\r\n\r\n".encode())).body
    lead = f"{post.lead} این جمله پس از انتشار افزوده شد."
    nights.room.site.edit(post.id, lead=lead, title=title or post.title)
    nights.room.be(lambda request, document: Document(old).answer(), post.path)
    assert (nights()["changed"], nights.fetched) == (bool(title), 1)
    nights.room.be("calm")
    nights.forward(days=1)
    assert (nights()["changed"], nights.fetched) == (1, 1)
    assert "پس از انتشار افزوده" in nights.baygan("show", f"news/post/{post.id}").out
    nights.forward(days=1)
    assert (nights()["changed"], nights.fetched) == (0, 0)


def test_a_renamed_post_is_the_same_post(nights: Nights) -> None:
    post = nights.room.posts[7]
    nights.room.site.edit(post.id, slug="a-new-name")
    assert nights()["new"] == 0
    assert len(nights.versions(post.id)) == 1
    assert nights()["verdict"] == "complete" and nights.fetched == 0


def test_an_edit_that_did_not_move_modified_is_flagged(nights: Nights) -> None:
    post = nights.room.posts[2]
    nights.room.site.edit(post.id, title="تیتری که بی‌صدا عوض شد", silent=True)
    assert nights()["changed"] == 0
    nights.room.site.edit(post.id, slug="so-it-is-fetched-again", silent=True)
    night = nights()
    assert (night["changed"], night["silent"]) == (1, 1)
    newest = json.loads(nights.baygan("show", "--json", f"news/post/{post.id}").out)
    assert "silent_edit" in newest["flags"]


def test_a_late_import_with_an_old_date_and_a_low_id_is_found(nights: Nights) -> None:
    site = nights.room.site
    draft = site.hidden[0]
    site.edit(draft.id, silent=True, status="publish", published=site.now() - timedelta(days=60))
    night = nights()
    assert (night["new"], night["verdict"]) == (1, "complete")


def test_custom_types_have_nights_of_their_own(tmp_path: Path) -> None:
    with Newsroom(Site(6, custom=4, options=Options())) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        khabar = next(post for post in room.posts if post.type == "khabar")
        room.site.edit(khabar.id, title="گزارشی که کامل شد")
        night = nights()
        assert (night["changed"], night["verdict"]) == (1, "complete")
