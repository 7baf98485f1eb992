"""A problem is news once; what cannot be had is asked for ever more seldom."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from scraper.verdict.news import known_before
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.nights import Nights

POSTS = 8


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """The first night is next."""
    with Newsroom(Site(POSTS)) as room:
        yield Nights(room, tmp_path / "archive")


def always(status: str, body: bytes = b"<html><body></body></html>") -> Mood:
    return lambda request, document: Answer.page(body, status=status)


def empty(request: object, document: object) -> Answer:
    return Document(b"", content_type="text/html").answer()


@pytest.mark.timeout(600)
def test_thirty_nights_with_pages_that_cannot_be_had(nights: Nights, long: bool) -> None:
    room, (gone, shut, forbidden) = nights.room, nights.room.posts[:3]
    room.site.options.robots = (f"Disallow: {shut.path}",)
    room.be(always("404 Not Found"), unquote(gone.path))
    room.be(always("403 Forbidden"), unquote(forbidden.path))
    asked: Counter[str] = Counter()
    mails = []
    for _ in range(30 if long else 10):
        done = nights.baygan("crawl", "--json")
        mails.append((done.code, done.err))
        [run] = done.lines
        assert run["verdict"] == "complete"
        assert run["coverage"]["refused"] == {"http-403": 1, "http-404": 1, "robots.txt": 1}
        nights.forward(days=1)
    asked = Counter(exchange.path for exchange in room.exchanges)
    code, mail = mails[0]
    assert code == 3 and mail.count("\n") == 1 and "1 http-403, 1 http-404, 1 robots.txt" in mail
    assert mails[1:] == [(0, "")] * (len(mails) - 1)
    assert asked[unquote(shut.path)] == 0
    assert 3 < asked[unquote(gone.path)] <= 8 and 3 < asked[unquote(forbidden.path)] <= 8
    status = nights.baygan("status")
    assert status.code == 0 and "pages that cannot be had: 1 http-403, 1" in status.out
    room.site.options.robots = ()
    room.be("calm")
    nights.forward(days=30)
    assert (nights()["new"], nights()["verdict"]) == (3, "complete")


def test_a_disallowed_page_is_fetched_once_robots_txt_is_another(nights: Nights) -> None:
    shut = nights.room.posts[2]
    nights.room.site.options.robots = (f"Disallow: {shut.path}",)
    assert nights(code=3)["refused"] == 1
    nights.room.site.options.robots = ()
    assert nights()["new"] == 1


def linked(number: int, link: str) -> Mood:
    """A plugin makes the link of this post another."""

    def mood(request: Request, document: Document) -> Answer:
        listed = json.loads(document.body)
        for entry in listed if isinstance(listed, list) else ():
            if entry["id"] == number:
                entry["link"] = link
        return replace(document, content=json.dumps(listed).encode(), is_packed=False).answer()

    return mood


@pytest.mark.parametrize(
    ("link", "reason", "code"),
    [
        ("http://sponsor.example/offer/", "elsewhere", 0),
        ("http://127.0.0.1:443443/offer/", "bad-address", 3),
        ("javascript:void(0)", "bad-address", 3),
    ],
)
def test_a_link_that_is_none_of_the_site_s_costs_its_post_alone(
    nights: Nights, link: str, reason: str, code: int
) -> None:
    # A sitemap would name the post's own address, where it is fetched then.
    nights.room.site.options.sitemap = "none"
    nights.room.be(linked(nights.room.posts[2].id, link), "/wp-json/wp/v2/posts")
    for expected in (code, 0):
        night = nights(code=expected)
        assert night["coverage"]["refused"] == {reason: 1}
        assert (night["verdict"], night["coverage"]["due"]) == ("complete", 0)
    assert len(nights.baygan("export").lines) == POSTS


def test_an_empty_page_is_asked_for_again_and_believed_in_the_end(nights: Nights) -> None:
    sick, well = nights.room.posts[:2]
    nights.room.be(empty, unquote(sick.path))
    nights.room.be(empty, unquote(well.path), times=1)
    verdicts = []
    for days in (1, 1, 2, 4, 1):
        verdicts.append(nights()["verdict"])
        nights.forward(days=days)
    assert verdicts == ["incomplete"] * 4 + ["complete"]
    assert nights.baygan("status", "--json").lines[0]["coverage"]["refused"] == {"empty": 1}
    assert len(nights.baygan("export").lines) == POSTS


def test_an_empty_page_takes_no_article_s_place(nights: Nights) -> None:
    nights()
    post = nights.room.posts[2]
    nights.room.be(empty, unquote(post.path))
    assert nights("--again")["verdict"] == "incomplete"
    assert len(nights.versions(post.id)) == 1
    nights.room.be("calm")
    assert nights()["verdict"] == "complete"


def test_a_site_that_cannot_be_read_is_told_once_and_fails_every_night(nights: Nights) -> None:
    nights()
    nights.room.be("empty")
    first, second = nights.baygan("crawl"), nights.baygan("crawl")
    assert (first.code, second.code) == (1, 1)
    assert first.err and not second.err
    status = nights.baygan("status")
    assert status.code == 3 and "gave no answer" in status.out


RUNS = [
    (["3 pages failed"], ["complete:4 pages failed"], []),
    (["3 pages failed"], ["complete:4 pages failed", "complete:"], ["3 pages failed"]),
    (["3 pages failed"], ["complete:3 pages failed", "failed:no answer (timeout)"], []),
    (["post 7: lost"], ["complete:post 8: lost"], ["post 7: lost"]),
    (["12 of 40 gone", "a"], ["complete:13 of 45 gone"], ["a"]),
]


@pytest.mark.parametrize(("tonight", "before", "news"), RUNS)
def test_what_is_news(tonight: list[str], before: list[str], news: list[str]) -> None:
    runs = []
    for night in before:
        verdict, _, problem = night.partition(":")
        runs.append({"verdict": verdict, "problems": [problem] if problem else []})
    known = known_before(tonight, reversed(runs))
    assert [problem for problem in tonight if problem not in known] == news
