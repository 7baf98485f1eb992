"""Silent edits: text that changed although WordPress says that nothing was modified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.newsroom.post import Block
from tests.nights import Nights, after_the_first

POSTS = 60


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    with after_the_first(POSTS, tmp_path / "archive") as nights:
        yield nights


def rewrite(nights: Nights, number: int, way: int) -> None:
    """Change a post's text behind WordPress's back, in one of four ways."""
    site = nights.room.site
    post = next(post for post in nights.room.posts if post.id == number)
    first, *rest = post.body
    added = Block("p", "این بند را کسی شبانه و بی‌خبر به متن افزود.")
    if way == 0:
        words = replace(first, text=first.text.replace("است", "نیست") + " چنین نبود.")
        site.edit(number, silent=True, body=(words, *rest))
    elif way == 1:
        site.edit(number, silent=True, body=(*post.body, added))
    elif way == 2:
        site.edit(number, silent=True, body=tuple(rest))
    else:
        site.edit(number, silent=True, title="تیتری که بی‌صدا عوض شد")


def test_twelve_silent_edits_are_twelve_versions(nights: Nights) -> None:
    edited = [post.id for post in nights.room.posts[::5]]
    for place, number in enumerate(edited):
        rewrite(nights, number, place % 4)
    assert nights()["changed"] == 0
    night = nights("--verify-content")
    assert (night["changed"], night["silent"], night["problems"]) == (12, 12, [])
    assert nights.fetched == 12
    assert len(nights.asked) - nights.fetched <= POSTS // 100 + 6
    flagged = {line["post_id"] for line in nights.baygan("export").lines if line["flags"]}
    assert flagged >= set(edited)
    night = nights("--verify-content")
    assert (night["changed"], nights.fetched) == (0, 0)
    rewrite(nights, edited[0], 1)
    assert nights("--verify-content")["silent"] == 1
    assert nights.fetched == 1


def test_where_nothing_changed_nothing_is_fetched(nights: Nights) -> None:
    for _ in range(2):
        night = nights("--verify-content")
        assert (night["changed"], night["verdict"], nights.fetched) == (0, "complete", 0)


def test_an_edit_in_the_open_is_not_silent(nights: Nights) -> None:
    post = nights.room.posts[8]
    nights.room.site.edit(post.id, title="تیتری که سردبیر عوض کرد")
    night = nights("--verify-content")
    assert (night["changed"], night["silent"], nights.fetched) == (1, 0, 1)


def test_a_plugin_that_touches_every_text_is_no_silent_edit(nights: Nights) -> None:
    extra = Block("p", "برای دریافت خبرها در کانال ما همراه باشید.")
    for post in nights.room.posts:
        nights.room.site.edit(post.id, silent=True, body=(*post.body, extra))
    night = nights("--verify-content", code=3)
    assert (night["changed"], nights.fetched) == (0, 0)
    assert "too many for silent edits" in night["problems"][0]
    rewrite(nights, nights.room.posts[3].id, 3)
    assert nights("--verify-content")["silent"] == 1
    assert nights.fetched == 1


def test_without_rest_there_is_nothing_to_compare(nights: Nights) -> None:
    nights.room.site.options.rest = "rest_login_required"
    night = nights("--verify-content", code=3)
    assert any("nothing was verified" in problem for problem in night["problems"])
